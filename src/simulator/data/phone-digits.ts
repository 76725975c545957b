/** Whether one of these is this number, however either is written. */
export function hasNumber({ phone_numbers }: { phone_numbers: readonly { value: string }[] }, wanted: string): boolean {
  return phone_numbers.some(({ value }) => onlyDigits(value) === onlyDigits(wanted));
}

export function onlyDigits(phoneNumber: string): string {
  return phoneNumber.replace(/\D/g, "");
}
