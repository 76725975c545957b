/** Whether one of these is this number, however either is written. */
export function hasNumber(phoneNumbers: readonly { value: string }[], wanted: string): boolean {
  return phoneNumbers.some(({ value }) => onlyDigits(value) === onlyDigits(wanted));
}

export function onlyDigits(phoneNumber: string): string {
  return phoneNumber.replace(/\D/g, "");
}
