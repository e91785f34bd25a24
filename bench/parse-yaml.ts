/** What reading YAML costs by itself: a process that parses a file, or every file of a folder, with `yaml`. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const [path = ''] = process.argv.slice(2);
const files = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];
let documents = 0;
for (const file of files) documents += parseAllDocuments(readFileSync(file, 'utf8')).length;
process.stdout.write(`${documents}\n`);
