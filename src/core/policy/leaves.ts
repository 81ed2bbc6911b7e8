/** All keys of nested mappings that lead to a value, with dots between: a list is one value, and so is an empty mapping. */
export function leaves(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, one]) => {
    const name = `${prefix}${key}`;
    const isMapping = typeof one === 'object' && one !== null && !Array.isArray(one);
    return isMapping && Object.keys(one).length > 0 ? leaves(one, `${name}.`) : [name];
  });
}
