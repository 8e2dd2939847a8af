import type { Page } from '@playwright/test';
import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

async function tilDem(page: Page, navn: string) {
  await loggInn(page, navn);
  await page.getByRole('link', { name: 'Administrasjon' }).click();
  await page.getByRole('link', { name: /Helse – vedtak/ }).click();
  await page.getByRole('link', { name: 'Hvem har rollen' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hvem har Helse – vedtak');
}

async function taFra(page: Page, navn: string) {
  await page.getByRole('button', { name: `Fjern rollen for ${navn}` }).click();
  const dialog = page.getByRole('dialog');
  await axeRen(page, ['light', 'dark']);
  await dialog.getByRole('button', { name: 'Fjern' }).click();
  await expect(page.getByText(`${navn} har ikke rollen lenger.`)).toBeVisible();
  await expect(page.getByRole('row', { name: new RegExp(navn) })).toHaveCount(0);
}

test('an administrator gives a role, renews it and takes it away', async ({ page }) => {
  test.setTimeout(60_000);
  await tilDem(page, 'Arne Administrator');
  await page.getByLabel('Id til den som skal ha rollen').fill('ansatt-01');
  await page.getByLabel('Til og med (tomt er uten slutt)').fill('2030-03-01');
  await page.getByRole('button', { name: 'Gi rollen til noen' }).click();
  await expect(page.getByText('Berit Barnevern har fått rollen.')).toBeVisible();
  const berit = page.getByRole('row', { name: /Berit Barnevern/ });
  await expect(berit).toContainText('Gjelder');
  await expect(berit).toContainText('02.03.2030');
  await axeRen(page);
  await faarPlass(page);
  await page.getByRole('button', { name: 'Forny rollen for Berit Barnevern' }).press('Enter');
  await expect(page.getByText('Rollen er fornyet for Berit Barnevern.')).toBeVisible();
  await expect(berit).toContainText('av ansatt-04');
  await taFra(page, 'Berit Barnevern');

  const dato = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Ny frist').fill(dato);
  await page.getByRole('button', { name: 'Sett fristen' }).click();
  await expect(page.getByText(`De som ikke er fornyet, mister rollen ${dato.split('-').reverse().join('.')}.`)).toBeVisible();
  await page.getByRole('button', { name: 'Ta bort fristen' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Ta bort fristen' }).click();
  await expect(page.getByText('Rollen har ingen frist.')).toBeVisible();
});

test('what an administrator gives themselves waits for another', async ({ page, browser }) => {
  test.setTimeout(60_000);
  await tilDem(page, 'Arne Administrator');
  await page.getByLabel('Id til den som skal ha rollen').fill('ansatt-04');
  await page.getByRole('button', { name: 'Gi rollen til noen' }).click();
  await expect(page.getByText(/venter til en annen administrator/)).toBeVisible();
  await expect(page.getByRole('row', { name: /Arne Administrator/ })).toContainText('Venter på godkjenning');

  const other = await (await browser.newContext()).newPage();
  await tilDem(other, 'Astrid Administrator');
  await other.getByRole('button', { name: 'Godkjenn at Arne Administrator får rollen' }).click();
  await expect(other.getByText('Arne Administrator har fått rollen.')).toBeVisible();
  await expect(other.getByRole('row', { name: /Arne Administrator/ })).toContainText('Gjelder');
  await taFra(other, 'Arne Administrator');
  await other.context().close();
});

test.describe('somebody who is not there', () => {
  test.use({ ventet: [/400 \(Bad Request\) .*\/tildelinger$/] as never });
  test('is not given a role, and one is told so', async ({ page }) => {
    await tilDem(page, 'Arne Administrator');
    await page.getByLabel('Id til den som skal ha rollen').fill('ansatt-99');
    await page.getByRole('button', { name: 'Gi rollen til noen' }).click();
    await expect(page.getByRole('alert')).toContainText('finnes ikke i organisasjonen');
    await axeRen(page);
  });
});

test('the review names what nobody uses and leads to it', async ({ page }) => {
  await loggInn(page, 'Astrid Administrator');
  await page.getByRole('link', { name: 'Administrasjon' }).click();
  await page.getByRole('link', { name: 'Gjennomgang' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Gjennomgang' })).toBeFocused();
  await expect(page.getByText(/ubrukte tildelinger/)).toBeVisible();
  await axeRen(page);
  await faarPlass(page);
  await page.getByLabel('Periode').selectOption('30');
  await expect(page.getByRole('row', { name: /Skolesystemet.*SFO og barnehage/ })).toBeVisible();
  await page.getByRole('row', { name: /Skolesystemet.*SFO og barnehage/ }).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hvem har SFO og barnehage – betaling');
});
