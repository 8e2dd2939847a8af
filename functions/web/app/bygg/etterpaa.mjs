// Packs each built file, and fails when the first load is over its budget: 60 kB of script and 30 kB of style, gzipped.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../../dist/side/', import.meta.url).pathname;
const budget = { js: 60_000, css: 30_000 };

for (const name of readdirSync(dist, { recursive: true })) {
  if (!/\.(js|css|html|svg)$/.test(name)) continue;
  const raw = readFileSync(join(dist, name));
  writeFileSync(join(dist, name + '.gz'), gzipSync(raw, { level: 9 }));
  writeFileSync(join(dist, name + '.br'), brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

// What index.html names is the first load; what is imported lazily is not.
const first = [...readFileSync(join(dist, 'index.html'), 'utf8').matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((m) => m[1]);
let over = false;
for (const [kind, limit] of Object.entries(budget)) {
  const size = first.filter((f) => f.endsWith('.' + kind)).reduce((sum, f) => sum + readFileSync(join(dist, f + '.gz')).length, 0);
  console.log(`first load: ${kind} ${(size / 1000).toFixed(1)} kB of ${limit / 1000} kB gzip`);
  if (size === 0 || size > limit) over = true;
}
if (over) process.exit(1);
