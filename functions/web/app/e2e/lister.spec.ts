import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

const voss = 'c47e0b52-3e9d-4a7a-8f0d-2d9a5b3c4621';
const manntall = '10000007-0000-4000-8000-000000000007';

/** Logs in, goes to the lists of the role, and looks at them. */
async function tilListene(page: Page, navn: string) {
  await loggInn(page, navn);
  await page.locator('#rolle').selectOption(manntall);
  await page.getByRole('link', { name: 'Lister', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Lister' })).toBeVisible();
}

/** Asks a function as the one who is logged in. */
const kall = (page: Page, method: string, path: string, body: object) =>
  page.evaluate(async ([m, p, b]) => (await fetch('/api' + p, { method: m, headers: { 'Content-Type': 'application/json' }, body: b })).status, [method, path, JSON.stringify(body)] as const);

/** Orders a list with a name, in three steps. Looks at each of them when asked to. */
async function bestill(page: Page, navn: string, look = async () => {}) {
  await page.getByRole('link', { name: 'Bestill liste' }).click();
  await expect(page.getByLabel('Kommunenummer')).toHaveValue('4621');
  await expect(page.getByRole('checkbox', { name: 'Bosatt' })).toBeChecked();
  await look();
  await page.getByRole('button', { name: 'Neste' }).click();
  await expect(page.getByRole('heading', { name: 'Steg 2 av 3: Kolonner' })).toBeFocused();
  await expect(page.getByRole('button', { name: 'Neste' })).toBeDisabled();
  await page.getByRole('checkbox', { name: 'Fødselsnummer eller d-nummer' }).check();
  await page.getByRole('checkbox', { name: 'Fornavn' }).check();
  await page.getByRole('checkbox', { name: 'Etternavn' }).check();
  await look();
  await page.getByRole('button', { name: 'Neste' }).click();
  await expect(page.getByText('Bosatt i Voss (4621)')).toBeVisible();
  await expect(page.getByRole('columnheader')).toHaveText(['Fødselsnummer eller d-nummer', 'Fornavn', 'Etternavn']);
  await page.getByLabel('Navn på listen').fill(navn);
  await page.getByLabel('Filtype').selectOption('CSV');
  await look();
  await page.getByRole('button', { name: 'Bestill listen' }).click();
}

const listen = (page: Page, navn: string) => page.getByRole('article', { name: new RegExp(`^${navn},`) });

test('orders a list in three steps, sees it made, downloads it, orders it again and deletes it', async ({ page }) => {
  test.setTimeout(90_000);
  const look = async () => {
    await axeRen(page);
    await faarPlass(page);
  };
  await tilListene(page, 'Vidar Valg');
  await look();
  await bestill(page, 'Alle bosatte', look);
  const min = listen(page, 'Alle bosatte');
  const last = min.getByRole('button', { name: 'Last ned (CSV)' });
  await expect(last).toBeVisible({ timeout: 30_000 });
  await look();
  const [file] = await Promise.all([page.waitForEvent('download'), last.click()]);
  expect(file.suggestedFilename()).toMatch(/^liste-.*\.csv$/);
  await expect(min).toContainText('lastet ned én gang');

  await min.getByRole('link', { name: 'Bestill på nytt' }).click();
  await expect(page.getByLabel('Kommunenummer')).toHaveValue('4621');
  await page.getByRole('link', { name: 'Til listene' }).click();
  await min.getByRole('button', { name: 'Hva er endret?' }).click();
  await axeRen(page, ['light']);
  await page.getByRole('dialog').getByRole('button', { name: 'Bestill endringene' }).click();
  await expect(listen(page, 'Endringer i Alle bosatte').getByRole('button', { name: 'Last ned (CSV)' })).toBeVisible({ timeout: 30_000 });

  await min.getByRole('button', { name: 'Slett' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Slett' }).click();
  await expect(page.getByText('Listen er slettet.')).toBeVisible();
  await expect(min).toHaveCount(0);
});

test('another approves an order, and refuses one with a reason', async ({ page, browser }) => {
  test.setTimeout(90_000);
  await tilListene(page, 'Vidar Valg');
  const role = `/register/api/v2/konfigurasjon/${voss}/roller/${manntall}`;
  expect(await kall(page, 'PATCH', role, { listerKreverGodkjenning: true })).toBe(200);
  expect(await kall(page, 'POST', `/hjemmel/v1/roller/${manntall}/tildelinger`, { aktorId: 'ansatt-06' })).toBeLessThan(300);
  await page.reload();
  for (const navn of ['Til godkjenning', 'Til avslag']) {
    await bestill(page, navn);
    await expect(listen(page, navn)).toContainText('Venter på svar');
  }
  await axeRen(page);
  await listen(page, 'Til godkjenning').getByRole('link', { name: 'Se bestillingen' }).click();
  await expect(page.getByText('Du har bestilt denne listen selv. En annen må svare.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Godkjenn' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Til listene' }).click();

  const other = await (await browser.newContext()).newPage();
  await tilListene(other, 'Sigrid Sosial');
  await listen(other, 'Til godkjenning').getByRole('link', { name: 'Se bestillingen' }).click();
  await expect(other.getByText('Bosatt i Voss (4621)')).toBeVisible();
  await axeRen(other);
  await faarPlass(other);
  await other.getByRole('button', { name: 'Godkjenn', exact: true }).click();
  await listen(other, 'Til avslag').getByRole('link', { name: 'Se bestillingen' }).click();
  await other.getByRole('button', { name: 'Ikke godkjenn' }).click();
  const dialog = other.getByRole('dialog');
  await axeRen(other);
  await expect(dialog.getByRole('button', { name: 'Ikke godkjenn' })).toBeDisabled();
  await dialog.getByLabel('Grunn').fill('Bruk færre kolonner');
  await dialog.getByRole('button', { name: 'Ikke godkjenn' }).click();
  await expect(listen(other, 'Til avslag')).toContainText('Bruk færre kolonner');
  await other.context().close();

  await expect(listen(page, 'Til godkjenning').getByRole('button', { name: 'Last ned (CSV)' })).toBeVisible({ timeout: 40_000 });
  expect(await kall(page, 'PATCH', role, { listerKreverGodkjenning: false })).toBe(200);
});

test('a list that is withdrawn cannot be had, and who had it says that the copies are gone', async ({ page }) => {
  test.setTimeout(90_000);
  await tilListene(page, 'Vidar Valg');
  await bestill(page, 'Trekkes tilbake');
  const min = listen(page, 'Trekkes tilbake');
  const last = min.getByRole('button', { name: 'Last ned (CSV)' });
  await expect(last).toBeVisible({ timeout: 30_000 });
  const [file] = await Promise.all([page.waitForEvent('download'), last.click()]);
  const personidentifikator = /\d{11}/.exec(readFileSync(await file.path(), 'utf8'))![0];
  expect(await kall(page, 'POST', `/hjemmel/v1/organisasjoner/${voss}/lister/tilbaketrekking`, { personidentifikator })).toBeLessThan(300);
  await expect(async () => { // what is withdrawn is so after a while
    await page.reload();
    await expect(min).toContainText('1 har ikke bekreftet', { timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await expect(last).toHaveCount(0);
  await axeRen(page);
  await faarPlass(page);
  await min.getByRole('button', { name: 'Jeg har slettet alle kopier' }).click();
  const dialog = page.getByRole('dialog');
  await axeRen(page, ['light', 'dark']);
  await dialog.getByRole('button', { name: 'Jeg har slettet alle kopier' }).click();
  await expect(page.getByText('Bekreftelsen er lagret.')).toBeVisible();
  await expect(min).toContainText('Alle som lastet den ned, har bekreftet');
});

test.describe('a file', () => {
  test.use({ ventet: [/400 \(Bad Request\)/] as never });

  test('is told of row by row, and ordered of the rows that can be used', async ({ page, request }) => {
    const { personer } = await (await request.get('/sim/demo')).json();
    await tilListene(page, 'Vidar Valg');
    await page.getByRole('link', { name: 'Bestill fra fil' }).click();
    await page.getByLabel('Fil, høyst 8 MiB').setInputFiles({ name: 'numre.csv', mimeType: 'text/csv', buffer: Buffer.from(`personidentifikator\r\n${personer.vanlig}\r\nikke et nummer\r\n`) });
    await page.getByRole('button', { name: 'Les filen og bestill' }).click();
    await expect(page.getByText('2 rader: 1 kan brukes, 0 like, 1 med feil.')).toBeVisible();
    await expect(page.getByRole('row').nth(1)).toContainText('3');
    await axeRen(page);
    await faarPlass(page);
    await page.getByRole('button', { name: 'Bestill av radene som kan brukes' }).click();
    await expect(page.getByText('Listen er bestilt.')).toBeVisible();
  });
});

test.describe('a choice that the role does not give', () => {
  test.use({ ventet: [/403 \(Forbidden\) .*\/lister\/anslag$/] as never });
  test('is told of at once, and can be changed', async ({ page }) => {
    await tilListene(page, 'Vidar Valg');
    await page.getByRole('link', { name: 'Bestill liste' }).click();
    const whose = page.locator('#tilhoerighet');
    await whose.selectOption('BEGGE');
    await page.getByRole('button', { name: 'Neste' }).click();
    await expect(page.getByText(/Rollen gir ikke rett til å søke med alle disse/)).toBeVisible();
    await whose.selectOption('BOSTED');
    await page.getByRole('button', { name: 'Neste' }).click();
    await expect(page.getByRole('heading', { name: 'Steg 2 av 3: Kolonner' })).toBeFocused();
    await expect(page.getByText(/Rollen mangler opplysninger som disse malene trenger: .*Utsending med SvarUt/)).toBeVisible();
    await expect(page.locator('#mal option', { hasText: 'Utsending med SvarUt' })).toHaveCount(0);
    await page.locator('#mal').selectOption('LISTESOEK');
    await page.getByRole('button', { name: 'Neste' }).click();
    await expect(page.getByRole('columnheader').first()).toHaveText('Fødselsnummer eller d-nummer');
  });
});
