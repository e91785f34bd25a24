/** Whether an Istio release is at least as new as another; both as MAJOR.MINOR. */
export function isAtLeast(version: string, other: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major === otherMajor ? minor >= otherMinor : major > otherMajor;
}
