/**
 * Whether everything in an object stands in properties of its own. What a Map, a FormData or a Buffer holds does not,
 * and nobody would notice that it is left out.
 */
export function tellsAll(value: object): boolean {
  const above = Reflect.getPrototypeOf(value);
  if (above === null || Object.getPrototypeOf(above) === null) return true;
  if (ArrayBuffer.isView(value)) return false;
  return !(Symbol.iterator in value) && Object.keys(value).length > 0;
}
