/** The anchor that GitHub gives to a heading, so that links lead to the same place there and here. */
export function slug(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}
