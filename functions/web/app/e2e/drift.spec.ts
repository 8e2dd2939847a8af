import type { Page } from '@playwright/test';
import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

test.use({ ventet: [/50[023] \(|ERR_INTERNET_DISCONNECTED/] as never });
test.afterEach(async ({ request }) => void (await request.delete('/sim/freg/_feil')));

const linje = (page: Page) => page.locator('[data-drift]');

async function soek(page: Page) {
  await page.getByLabel('Navn, fødselsdato').fill('Kari Nordmann');
  await page.getByRole('button', { name: 'Søk', exact: true }).click();
}

test('a slow register is told of while it is waited for', async ({ page, request }) => {
  await loggInn(page, 'Frode Førstelinje');
  await request.post('/sim/freg/_feil', { data: { feil: 'treg', ventMs: 5500, antall: 1 } });
  await soek(page);
  await expect(page.getByText('Svaret lar vente på seg.')).toBeVisible();
  await axeRen(page, ['light']);
  await expect(linje(page)).toBeEmpty({ timeout: 15_000 });
});

test('a register that is down is told from us being down, and from the net', async ({ page, request, context }) => {
  test.setTimeout(60_000);
  await loggInn(page, 'Berit Barnevern');
  await request.post('/sim/freg/_feil', { data: { feil: 'html', status: 502 } });
  await soek(page);
  await expect(linje(page)).toContainText('Folkeregisteret er nede.', { timeout: 20_000 });
  await axeRen(page);
  await faarPlass(page);
  await page.getByRole('link', { name: 'Mine oppslag' }).click(); // ours goes on
  await expect(page.getByText('Logget inn').first()).toBeVisible();
  await expect(linje(page)).toContainText('Folkeregisteret er nede.');
  await request.delete('/sim/freg/_feil');
  await page.getByRole('link', { name: 'Søk', exact: true }).click();
  await expect(async () => { // after many failures nothing is sent for five seconds
    await soek(page);
    await expect(linje(page)).toBeEmpty({ timeout: 1000 });
  }).toPass({ timeout: 20_000 });

  await page.route('**/api/hjemmel/v1/soek/fri', (r) => r.fulfill({ status: 503, json: { errorCode: 'LAGER_UTILGJENGELIG', errorId: 'x' } }));
  await soek(page);
  await expect(linje(page)).toContainText('Hjemmel har problemer.');
  await axeRen(page);
  await page.unroute('**/api/hjemmel/v1/soek/fri');

  await page.route('**/hjemmel/v1/sesjon', (r) => r.fulfill({ status: 503, json: { errorCode: 'LAGER_UTILGJENGELIG', errorId: 'x' } }));
  await page.reload(); // a page that cannot learn who is logged in does not only ask for a login
  await expect(linje(page)).toContainText('Hjemmel har problemer.');
  await page.unroute('**/hjemmel/v1/sesjon');
  await page.reload();
  await expect(linje(page)).toBeEmpty();

  await context.setOffline(true);
  await soek(page);
  await expect(linje(page)).toContainText('Vi får ikke kontakt med Hjemmel.');
  await expect(page.getByLabel('Navn, fødselsdato')).toHaveValue('Kari Nordmann');
  await context.setOffline(false);
  await soek(page);
  await expect(linje(page)).toBeEmpty();
});

test.describe('a part that is missing', () => {
  test('is told of where it should have been, and the rest is there', async ({ page, request }) => {
    const nr = (await (await request.get('/sim/demo')).json()).personer.vanlig as string;
    await loggInn(page, 'Frode Førstelinje');
    await page.route('**/roller/*/innhold', (r) => r.fulfill({ status: 500, json: { errorCode: 'INTERN_FEIL', errorId: 'x' } }));
    await page.reload();
    await expect(page.getByRole('alert')).toContainText('Fikk ikke hentet hva rollen ser.');
    await page.unroute('**/roller/*/innhold');
    await page.getByRole('button', { name: 'Prøv igjen' }).click();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await page.getByLabel('Navn, fødselsdato').fill(nr);
    await page.getByRole('button', { name: 'Søk', exact: true }).click();
    await expect(page.locator('.personlinje')).toBeVisible();
  });
});
