/** Answers what makes this property again what it is now, or takes it away where it is inherited. */
export function putBackOf(object: object, name: string): () => void {
  const own = Object.getOwnPropertyDescriptor(object, name);
  return () => void (own ? Reflect.defineProperty(object, name, own) : Reflect.deleteProperty(object, name));
}
