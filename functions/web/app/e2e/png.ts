// A picture with at most 256 colours, as small as PNG gives: the browser reads it, and it is written here (PNG 1.2, ISO/IEC 15948).
import type { Page } from '@playwright/test';
import { crc32, deflateSync } from 'node:zlib';

/** The pixels of a picture, four bytes each. */
async function pixler(page: Page, png: Buffer): Promise<{ bredde: number; hoyde: number; rgba: Buffer }> {
  const { bredde, hoyde, tekst } = await page.evaluate(async (src) => {
    const image = await createImageBitmap(await (await fetch(src)).blob());
    const c = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
    c.drawImage(image, 0, 0);
    const { data } = c.getImageData(0, 0, image.width, image.height);
    let tekst = '';
    for (let i = 0; i < data.length; i += 30_000) tekst += String.fromCharCode(...data.subarray(i, i + 30_000));
    return { bredde: image.width, hoyde: image.height, tekst: btoa(tekst) };
  }, 'data:image/png;base64,' + png.toString('base64'));
  return { bredde, hoyde, rgba: Buffer.from(tekst, 'base64') };
}

const avstand = (a: number, b: number) => [16, 8, 0].reduce((sum, s) => sum + (((a >> s) & 255) - ((b >> s) & 255)) ** 2, 0);

function del(navn: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(navn, 'latin1'), data]);
  const n = Buffer.alloc(8);
  n.writeUInt32BE(data.length, 0);
  n.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([n.subarray(0, 4), body, n.subarray(4)]);
}

/** The picture in its 256 commonest colours; what is rarer gets the nearest of them. */
export async function krympet(page: Page, png: Buffer): Promise<Buffer> {
  const { bredde, hoyde, rgba } = await pixler(page, png);
  const farge = (i: number) => rgba.readUIntBE(i * 4, 3);
  const antall = new Map<number, number>();
  for (let i = 0; i < bredde * hoyde; i++) antall.set(farge(i), (antall.get(farge(i)) ?? 0) + 1);
  const palett = [...antall].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([f]) => f);
  const plass = new Map(palett.map((f, i) => [f, i]));
  const indeks = (f: number) => {
    if (!plass.has(f)) plass.set(f, plass.get(palett.reduce((best, p) => (avstand(p, f) < avstand(best, f) ? p : best)))!);
    return plass.get(f)!;
  };
  const linjer = Buffer.alloc((bredde + 1) * hoyde); // each begins with 0: no filter
  for (let y = 0; y < hoyde; y++) for (let x = 0; x < bredde; x++) linjer[y * (bredde + 1) + 1 + x] = indeks(farge(y * bredde + x));
  const ihdr = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]); // eight bits, of a palette
  ihdr.writeUInt32BE(bredde, 0);
  ihdr.writeUInt32BE(hoyde, 4);
  const plte = Buffer.from(palett.flatMap((f) => [f >> 16, (f >> 8) & 255, f & 255]));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), del('IHDR', ihdr), del('PLTE', plte), del('IDAT', deflateSync(linjer, { level: 9 })), del('IEND', Buffer.alloc(0))]);
}
