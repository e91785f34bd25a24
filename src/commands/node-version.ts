/** The oldest Node.js that aloft runs on, the same as in package.json (a test compares them). */
export const oldestNode = '22.19.0';

/** What is wrong with a version of Node.js, if it is too old. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = oldestNode.split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return `needs Node.js ${leastMajor}.${leastMinor} or later, this is ${version}`;
}
