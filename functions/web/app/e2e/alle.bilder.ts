// Ten pictures of the page for the documentation, of made-up persons: make bilder.
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, loggInn, test } from './nettleser';
import { krympet } from './png';

const mappe = '../bilder';
const kB = 80;
test.describe.configure({ mode: 'serial' });
test.beforeAll(() => void mkdirSync(mappe, { recursive: true }));

/** Takes the picture at the width of a desk or of the smallest telephone, with fra at the top. */
async function bilde(page: Page, navn: string, bredde: 1440 | 320 = 1440, fra = 'body') {
  await page.setViewportSize({ width: bredde, height: bredde === 320 ? 640 : 810 });
  await page.evaluate(() => document.fonts.ready);
  await page.locator(fra).evaluate((e) => e.scrollIntoView());
  const leser = await page.context().newPage(); // the page itself may fetch nothing but from us
  const png = await krympet(leser, await page.screenshot({ animations: 'disabled', caret: 'hide' }));
  await leser.close();
  expect(png.length, navn).toBeLessThan(kB * 1000);
  writeFileSync(`${mappe}/${navn}.png`, png);
}

async function soek(page: Page, tekst: string) {
  await page.getByLabel('Navn, fødselsdato').fill(tekst);
  await page.getByRole('button', { name: 'Søk', exact: true }).click();
}

test('a case worker', async ({ page, request }) => {
  const { personer } = await (await request.get('/sim/demo')).json();
  await page.goto('/');
  await bilde(page, 'innlogging');
  await loggInn(page, 'Berit Barnevern');
  await soek(page, 'GRANKONGLE');
  await expect(page.locator('.treffliste a').first()).toBeVisible();
  await bilde(page, 'treff');
  await page.getByText('Søk med felter').click();
  await expect(page.getByRole('button', { name: 'Hvor mange passer?' })).toBeVisible();
  await bilde(page, 'felter', 320, '#feltsoek');
  for (const [hvem, navn, bredde] of [['vanlig', 'person', 1440], ['fortrolig', 'gradert', 320]] as const) {
    await page.goto('/');
    await soek(page, personer[hvem]);
    await expect(page.locator('.personlinje')).toBeVisible();
    await bilde(page, navn, bredde);
  }
});

test('a list', async ({ page }) => {
  await loggInn(page, 'Vidar Valg');
  await page.locator('#rolle').selectOption('10000007-0000-4000-8000-000000000007');
  await page.goto('/lister/ny');
  await expect(page.getByLabel('Kommunenummer')).toHaveValue('4621');
  await page.getByRole('button', { name: 'Neste' }).click();
  await page.getByRole('checkbox', { name: 'Fornavn' }).check();
  await page.getByRole('checkbox', { name: 'Etternavn' }).check();
  await bilde(page, 'bestilling');
  await page.getByRole('button', { name: 'Neste' }).click();
  await page.getByLabel('Navn på listen').fill('Alle bosatte');
  await page.getByRole('button', { name: 'Bestill listen' }).click();
  await expect(page.getByRole('button', { name: /^Last ned/ })).toBeVisible({ timeout: 30_000 });
  await bilde(page, 'lister');
});

test('the log, the roles and what a citizen sees', async ({ page, browser, request, baseURL }) => {
  const { personer } = await (await request.get('/sim/demo')).json();
  const som = async (navn: string) => {
    const p = await (await browser.newContext({ baseURL })).newPage();
    await loggInn(p, navn);
    return p;
  };
  const frode = await som('Frode Førstelinje');
  await soek(frode, personer.forelder);
  await expect(frode.locator('.personlinje')).toBeVisible();
  const pia = await som('Pia Personvern');
  await pia.goto('/logg');
  await pia.getByLabel('Hvorfor du søker').fill('innsyn 2026/17');
  await pia.getByRole('button', { name: 'Søk i loggen' }).click();
  await pia.getByText('Mer om innslaget').nth(1).click();
  await bilde(pia, 'logg', 1440, '.treffliste');
  const arne = await som('Arne Administrator');
  await arne.goto('/administrasjon');
  await arne.getByRole('link', { name: /Innbyggertorget/ }).click();
  await expect(arne.getByRole('heading', { level: 1 })).toHaveText('Innbyggertorget – førstelinje');
  await bilde(arne, 'rolle');
  await loggInn(page, 'Ida Innbygger');
  await expect(page.getByText('Oppslag på deg').first()).toBeVisible();
  await bilde(page, 'innbygger', 320);
  for (const p of [frode, pia, arne]) await p.context().close();
});
