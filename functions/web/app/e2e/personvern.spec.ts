import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

test.use({ ventet: [/503 \(Service Unavailable\) .*\/logg\/eksport$/] as never }); // asked for before it is sealed

test('the privacy officer finds who has seen a person, what that employee has seen, and takes the evidence along', async ({ page, browser, request, baseURL }) => {
  const nr = (await (await request.get('/sim/demo')).json()).personer.vanlig as string;
  const hers = await browser.newContext({ baseURL });
  const berit = await hers.newPage();
  await loggInn(berit, 'Berit Barnevern');
  await berit.getByLabel('Navn, fødselsdato').fill(nr);
  await berit.getByRole('button', { name: 'Søk', exact: true }).click();
  await expect(berit.getByRole('heading', { name: 'Bosted', exact: true })).toBeVisible();
  await berit.getByRole('link', { name: 'Mine oppslag' }).click();
  await expect(berit.getByRole('heading', { level: 1, name: 'Mine oppslag' })).toBeFocused();
  await expect(berit.getByText('Slo opp en person').first()).toBeVisible();
  await expect(berit.getByRole('link', { name: 'Innsyn i loggen' })).toHaveCount(0);
  await axeRen(berit);
  await faarPlass(berit);
  await hers.close();

  await loggInn(page, 'Pia Personvern');
  await page.getByRole('link', { name: 'Innsyn i loggen' }).click();
  await page.getByLabel('Fødselsnummer eller d-nummer').fill(nr);
  await page.getByLabel('Fra og med').fill('31.02.2026');
  await expect(page.getByText('Skriv en dato som finnes')).toBeVisible();
  await page.getByLabel('Fra og med').fill('1.1.2026');
  await page.getByLabel('Hvorfor du søker').fill('innsyn 2026/17 – klage');
  await page.getByRole('button', { name: 'Søk i loggen' }).click();
  const alt = page.getByRole('button', { name: 'Vis alt Berit Barnevern har gjort' });
  await expect(alt.first()).toBeVisible();
  expect(page.url()).not.toContain(nr);
  await expect(page).toHaveTitle('Innsyn i loggen – Hjemmel');
  await page.getByText('Mer om innslaget').first().click();
  await axeRen(page);
  await faarPlass(page);

  for (const [format, fil] of [['BEVISPAKKE', 'logg.zip'], ['CSV', 'logg.csv'], ['XLSX', 'logg.xlsx']] as const) {
    await page.getByLabel('Format').selectOption(format);
    await expect(async () => { // the newest entry may not be sealed yet
      const [file] = await Promise.all([page.waitForEvent('download', { timeout: 3000 }), page.getByRole('button', { name: 'Last ned' }).click()]);
      expect(file.suggestedFilename()).toBe(fil);
    }).toPass({ timeout: 15_000 });
  }

  await alt.first().click();
  await expect(page.getByRole('button', { name: 'Fjern avgrensningen Berit Barnevern' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Logget inn' }).first()).toBeVisible();
  await axeRen(page, ['light', 'dark']);
  const hva = page.getByRole('group', { name: 'Hva' });
  if (!(await hva.isVisible())) await page.getByText('Avgrens', { exact: true }).click(); // open where there are many hits
  await hva.getByRole('button', { name: /Slo opp en person/ }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Logget inn' })).toHaveCount(0);
  await expect(page.getByRole('listitem').filter({ hasText: 'Slo opp en person' }).first()).toBeVisible();
});
