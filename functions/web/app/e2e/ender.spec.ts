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

test.describe('a session that ends in the middle of an order', () => {
  test.use({ ventet: [/401 \(Unauthorized\)/] as never });
  test('keeps the order, and sends it after a new login', async ({ page, context }) => {
    await loggInn(page, 'Vidar Valg');
    await page.locator('#rolle').selectOption('10000007-0000-4000-8000-000000000007');
    await page.goto('/lister/ny');
    await page.getByLabel('Kommunenummer').fill('4621, 4601');
    await page.getByLabel('Født fra og med år').fill('2019');
    await context.clearCookies();
    await page.getByRole('button', { name: 'Neste' }).click();
    const ute = page.getByRole('dialog', { name: 'Du er logget ut' });
    await expect(ute).toBeVisible();
    const [ny] = await Promise.all([context.waitForEvent('page'), ute.getByRole('link', { name: 'Logg inn i nytt vindu' }).click()]);
    await ny.getByRole('button', { name: 'Vidar Valg' }).click();
    await expect(ny.getByRole('button', { name: 'Logg ut' })).toBeVisible();
    await ny.close();
    await page.bringToFront();
    await ute.getByRole('button', { name: 'Jeg har logget inn igjen' }).click({ timeout: 2000 }).catch(() => {}); // coming back may have closed it
    await expect(page.getByLabel('Kommunenummer')).toHaveValue('4621, 4601');
    await expect(page.getByLabel('Født fra og med år')).toHaveValue('2019');
    await page.getByRole('button', { name: 'Neste' }).click();
    await expect(page.getByRole('heading', { name: 'Steg 2 av 3: Kolonner' })).toBeFocused();
  });

  test('shows nothing of it to another who logs in', async ({ page, context }) => {
    await loggInn(page, 'Berit Barnevern');
    await page.getByLabel('Navn, fødselsdato').fill('Kari Nordmann');
    await context.clearCookies();
    await page.getByRole('button', { name: 'Søk', exact: true }).click();
    const ute = page.getByRole('dialog', { name: 'Du er logget ut' });
    const [ny] = await Promise.all([context.waitForEvent('page'), ute.getByRole('link', { name: 'Logg inn i nytt vindu' }).click()]);
    await ny.getByRole('button', { name: 'Frode Førstelinje' }).click();
    await expect(ny.getByRole('button', { name: 'Logg ut' })).toBeVisible();
    await page.bringToFront();
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await expect(page.getByText('Frode Førstelinje')).toBeVisible();
    await expect(page.getByLabel('Navn, fødselsdato')).toHaveValue('');
  });
});

for (const [foerst, saa] of [['Berit Barnevern', 'Frode Førstelinje'], ['Ida Innbygger', 'Ida Innbygger']] as const) {
  test(`a page of ${foerst} begins anew when ${saa} has logged in in another tab`, async ({ page, context }) => {
    await loggInn(page, foerst);
    await page.evaluate(() => document.body.setAttribute('data-gammel', 'ja'));
    const other = await context.newPage();
    await other.goto('/innlogging/start');
    await other.getByRole('button', { name: saa }).click();
    await expect(other.getByRole('button', { name: 'Logg ut' })).toBeVisible();
    await page.bringToFront();
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await expect(page.locator('body[data-gammel]')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Logg ut' })).toBeVisible();
    if (saa === 'Frode Førstelinje') await expect(page.getByText(saa)).toBeVisible();
  });
}

test('two tabs in two roles each look up in their own, and a page of one role is not shown in the other', async ({ page, context, request }) => {
  const nr = (await (await request.get('/sim/demo')).json()).personer.vanlig as string;
  await loggInn(page, 'Hege Helse');
  await page.locator('#rolle').selectOption('10000003-0000-4000-8000-000000000003');
  const helse = await context.newPage();
  await helse.goto('/');
  await helse.locator('#rolle').selectOption('10000004-0000-4000-8000-000000000004');
  await page.getByLabel('Navn, fødselsdato').fill(nr);
  await page.getByRole('button', { name: 'Søk', exact: true }).click();
  await expect(page.getByText('Ikke del av rollen Innbyggertorget').first()).toBeVisible();
  await helse.goto(page.url());
  await expect(helse.getByText(/gjelder en annen rolle/)).toBeVisible();
  await expect(helse.locator('.personlinje')).toHaveCount(0);
});

test('Back after logout shows no person', async ({ page, request }) => {
  const nr = (await (await request.get('/sim/demo')).json()).personer.vanlig as string;
  await loggInn(page, 'Berit Barnevern');
  await page.getByLabel('Navn, fødselsdato').fill(nr);
  await page.getByRole('button', { name: 'Søk', exact: true }).click();
  const navn = (await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Finn' }).textContent())!;
  await page.getByRole('button', { name: 'Logg ut' }).click();
  await expect(page.getByRole('button', { name: 'Logg inn med ID-porten' })).toBeVisible();
  for (let i = 0; i < 4; i++) {
    await page.goBack().catch(() => null);
    await page.waitForLoadState();
    expect(await page.content()).not.toContain(navn);
    await expect(page.locator('.personlinje')).toHaveCount(0);
  }
});
