/** What a system call said, without its name and number where they are well known. */
export function describeError(error: unknown): string {
  const { code, message } = Object(error) as Partial<NodeJS.ErrnoException>;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'EISDIR') return 'it is a folder';
  return message ?? String(error);
}
