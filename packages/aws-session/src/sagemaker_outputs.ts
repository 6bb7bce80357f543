/** The folder of a job, its slash included, that a key of its input lies in. */
const inputFolder = /^(.*\/)input\/[^/]/;

/**
 * What SageMaker has written for a job of ours, without our metadata, is known by the input that we have uploaded for it: the model of a
 * training, and for each object that we have given to a batch transform one with its name and `.out`.
 *
 * @param own keys of our own objects
 * @returns the key of the input
 */
export function madeBySageMaker(key: string, own: ReadonlySet<string>): string | undefined {
  const [, job] = /^(.*\/)output\/model\.tar\.gz$/.exec(key) ?? [];
  if (job !== undefined) return [...own].find((each) => inputFolder.exec(each)?.[1] === job);
  const [, transform, name] = /^(.*\/)output\/([^/]+)\.out$/.exec(key) ?? [];
  if (transform === undefined) return undefined;
  const input = `${transform}input/${name}`;
  return own.has(input) ? input : undefined;
}
