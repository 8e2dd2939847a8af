import type { Page } from '@playwright/test';
import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

const barnevern = '10000001-0000-4000-8000-000000000001';
test.use({ ventet: [/403 \(Forbidden\)/] as never });

async function soek(page: Page, nr: string) {
  await page.getByLabel('Navn, fødselsdato').fill(nr);
  await page.getByRole('button', { name: 'Søk', exact: true }).click();
}

/** The number of somebody else who lives where a person does. */
async function husfelle(page: Page, nr: string): Promise<string> {
  const spoer = (body: object) =>
    page.evaluate(async (b) => (await (await fetch('/api/hjemmel/v1/soek/fri', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: b })).json()).personer, JSON.stringify({ rolleId: barnevern, ...body }));
  const [hun] = await spoer({ tekst: nr, parts: ['bostedsadresse'] });
  const { adressenavn, adressenummer } = hun.folkeregisterperson.bostedsadresse[0].vegadresse;
  const alle = await spoer({ kriterier: { adressenavn, husnummer: adressenummer.husnummer + (adressenummer.husbokstav ?? '') } });
  return alle.map((p: { foedselsEllerDNummer: string }) => p.foedselsEllerDNummer).find((n: string) => n !== nr)!;
}

test('nobody looks up their own family without a reason, where the organisation takes reasons', async ({ page, browser, request, baseURL }) => {
  const { personer } = await (await request.get('/sim/demo')).json();
  const berit = await (await browser.newContext({ baseURL })).newPage();
  await loggInn(berit, 'Berit Barnevern');
  const ektefelle = await husfelle(berit, personer.likekjoennetPar); // who is Vidar
  await berit.context().close();

  await loggInn(page, 'Vidar Valg');
  await soek(page, ektefelle);
  await expect(page.getByRole('alert')).toContainText('kan ikke utleveres i denne rollen');
  await page.getByRole('button', { name: 'Oppgi grunn og slå opp' }).click();
  const dialog = page.getByRole('dialog');
  await axeRen(page);
  await faarPlass(page);
  await expect(dialog.getByRole('button', { name: 'Slå opp' })).toBeDisabled();
  await dialog.getByLabel('Begrunnelse').fill('Eneste på vakt i natt – haster');
  await dialog.getByRole('button', { name: 'Slå opp' }).click();
  await expect(page.locator('.personlinje h1')).toBeVisible();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Last ned PDF' }).click()]);
  expect(file.suggestedFilename()).toBe('folkeregisteret.pdf');
  await page.getByRole('link', { name: 'Mine oppslag' }).click();
  await page.getByText('Mer om innslaget').first().click();
  await expect(page.getByText('Eneste på vakt i natt – haster').first()).toBeAttached();

  await page.goto('/'); // a reason is for one person, and does not help for oneself
  await soek(page, personer.likekjoennetPar);
  await page.getByRole('button', { name: 'Oppgi grunn og slå opp' }).click();
  await dialog.getByLabel('Begrunnelse').fill('Jeg vil se meg selv');
  await dialog.getByRole('button', { name: 'Slå opp' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.locator('.personlinje')).toHaveCount(0);
});

test('where the organisation takes no reasons, none is asked for', async ({ page, request }) => {
  const { personer } = await (await request.get('/sim/demo')).json();
  await loggInn(page, 'Frode Førstelinje');
  await soek(page, personer.barnMedDeltBosted);
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Oppgi grunn og slå opp' })).toHaveCount(0);
});
