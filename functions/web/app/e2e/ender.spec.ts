import { axeRen, expect, loggInn, test } from './nettleser';

test.describe('a session that ends', () => {
  test.use({ ventet: [/401 \(Unauthorized\)/] as never });

  test('keeps what is written, and goes on after a new login', async ({ page, context }) => {
    await loggInn(page, 'Berit Barnevern');
    await page.getByLabel('Navn, fødselsdato').fill('Kari Nordmann');
    await context.clearCookies();
    await page.getByRole('button', { name: 'Søk', exact: true }).click();
    const ute = page.getByRole('dialog', { name: 'Du er logget ut' });
    await expect(ute).toBeVisible();
    await axeRen(page);
    const [ny] = await Promise.all([context.waitForEvent('page'), ute.getByRole('link', { name: 'Logg inn i nytt vindu' }).click()]);
    await ny.getByRole('button', { name: 'Berit Barnevern' }).click();
    await expect(ny.getByRole('button', { name: 'Logg ut' })).toBeVisible();
    await ny.close();
    await page.bringToFront();
    await ute.getByRole('button', { name: 'Jeg har logget inn igjen' }).click({ timeout: 2000 }).catch(() => {}); // coming back may have closed it
    await expect(ute).toBeHidden();
    await expect(page.getByLabel('Navn, fødselsdato')).toHaveValue('Kari Nordmann');
    await page.getByRole('button', { name: 'Søk', exact: true }).click();
    await expect(page.getByText('Ingen treff')).toBeVisible();
  });
});

test('is told of two minutes before, and one key goes on', async ({ page }) => {
  let soon = true;
  await page.route('**/hjemmel/v1/sesjon', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    if (soon && body.innlogget) body.slutter = new Date(Date.parse(body.naa) + 100_000).toISOString();
    await route.fulfill({ response: answer, json: body });
  });
  await loggInn(page, 'Berit Barnevern');
  const snart = page.getByRole('dialog', { name: 'Du blir snart logget ut' });
  await expect(snart).toBeVisible();
  await axeRen(page);
  soon = false;
  await page.keyboard.press('Enter');
  await expect(snart).toBeHidden();
});

test.describe('a register that is down', () => {
  test.use({ ventet: [/503 \(Service Unavailable\)/] as never });

  test.afterEach(async ({ request }) => void (await request.delete('/sim/freg/_feil')));

  test('is told from us being down, and tried again', async ({ page, request }) => {
    await loggInn(page, 'Berit Barnevern');
    await request.post('/sim/freg/_feil', { data: { feil: 'html', status: 502 } });
    await page.getByLabel('Navn, fødselsdato').fill('Kari Nordmann');
    await page.getByRole('button', { name: 'Søk', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText('Folkeregisteret svarer ikke nå', { timeout: 20_000 });
    await axeRen(page, ['light']);
    await request.delete('/sim/freg/_feil');
    await expect(async () => { // after many failures nothing is sent for five seconds
      await page.getByRole('button', { name: 'Prøv igjen' }).click({ timeout: 500 }).catch(() => {});
      await expect(page.getByText('Ingen treff')).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 15_000 });
  });
});
