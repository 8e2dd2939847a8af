import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

test('searches by fields, hears how many fit before anybody is shown, and Back gives the hits and the fields again', async ({ page }) => {
  await loggInn(page, 'Berit Barnevern');
  await expect(page.getByText('Søk med felter')).toBeVisible();
  await page.keyboard.press('Alt+K');
  const skjema = page.getByRole('form', { name: 'Søk med felter' });
  await expect(skjema).toBeVisible();
  await axeRen(page);
  await faarPlass(page);
  await skjema.getByLabel('Fødselsdato').fill('31.02.1970');
  await expect(skjema.getByText('Skriv en dato som finnes')).toBeVisible();
  await skjema.getByRole('button', { name: 'Tøm feltene' }).click();
  await skjema.getByLabel('Navn', { exact: true }).fill('GRANKONGLE');
  await skjema.getByLabel('Kjønn').selectOption('KVINNE');
  await skjema.getByRole('button', { name: 'Hvor mange passer?' }).click();
  await expect(skjema.getByText(/personer passer\.|høyst fire, passer\./)).toBeVisible();
  await expect(page.locator('.treffliste')).toHaveCount(0);
  await skjema.getByRole('button', { name: 'Søk etter det som står i feltene' }).click();
  const foerste = page.locator('.treffliste a').first();
  await expect(foerste).toContainText('GRANKONGLE');
  expect(page.url()).not.toContain('GRANKONGLE');
  await axeRen(page, ['light']);
  await foerste.click();
  await expect(page.locator('.personlinje')).toBeVisible();
  await page.goBack();
  await expect(foerste).toContainText('GRANKONGLE');
  await expect(skjema.getByLabel('Navn', { exact: true })).toHaveValue('GRANKONGLE');
});

test('the fields are those that the role may search by', async ({ page }) => {
  await loggInn(page, 'Frode Førstelinje');
  await page.getByText('Søk med felter').click();
  await expect(page.getByLabel('Fødselsdato', { exact: true })).toBeVisible();
  await expect(page.getByLabel('Kjønn')).toHaveCount(0);
  await expect(page.getByRole('checkbox', { name: /tidligere navn/ })).toHaveCount(0);
});

test('who finds nobody is told in which role, and what may be tried', async ({ page }) => {
  await loggInn(page, 'Berit Barnevern');
  await page.getByLabel('Navn, fødselsdato').fill('Finnesikke GRANKONGLE');
  await page.getByRole('button', { name: 'Søk', exact: true }).click();
  await expect(page.getByText('Ingen treff')).toBeVisible();
  await expect(page.getByText('Rollen som ble brukt: Barnevern – saksbehandler.')).toBeVisible();
  await axeRen(page);
  await faarPlass(page);
  await page.getByRole('group', { name: 'Prøv videre' }).getByRole('button', { name: 'Bare siste navn' }).click();
  await expect(page.locator('.treffliste a').first()).toContainText('GRANKONGLE');
});

test('who comes back from a person stands at that hit, where it was', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 500 });
  await loggInn(page, 'Berit Barnevern');
  await page.getByLabel('Navn, fødselsdato').fill('GRANKONGLE');
  await page.getByRole('button', { name: 'Søk', exact: true }).click();
  const treff = page.locator('.treffliste a').last();
  for (const tilbake of [() => page.goBack(), () => page.getByRole('link', { name: 'Til treffene' }).click()]) {
    await treff.click();
    await expect(page.locator('.personlinje h1')).toBeFocused();
    await tilbake();
    await expect(treff).toBeFocused();
    await expect(treff).toBeInViewport();
  }
  await page.getByRole('button', { name: 'Søk', exact: true }).click(); // a new search begins anew
  await expect(treff).toBeVisible();
  await expect(treff).not.toBeFocused();
});
