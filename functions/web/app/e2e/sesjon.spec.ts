import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

test('the login page is clean and fits', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveTitle('Logg inn – Hjemmel');
  await axeRen(page);
  await faarPlass(page);
});

test('logs in, shows who and in which role, and out again, and Back shows nothing', async ({ page, context }) => {
  await loggInn(page, 'Berit Barnevern');
  await expect(page.getByText('Berit Barnevern')).toBeVisible();
  const cookies = await context.cookies();
  const kake = cookies.find((c) => c.name === '__Host-sesjon');
  expect(kake).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax', path: '/' });
  expect(await page.evaluate(() => document.cookie)).toBe('');
  await axeRen(page);
  await faarPlass(page);
  await page.getByRole('button', { name: 'Logg ut' }).click();
  await expect(page.getByRole('button', { name: 'Logg inn med ID-porten' })).toBeVisible();
  for (let i = 0; i < 3; i++) {
    await page.goBack().catch(() => null);
    await expect(page.getByRole('button', { name: 'Logg ut' })).toHaveCount(0);
  }
});

test('another language is kept', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Nynorsk' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'nn');
  await page.reload();
  await expect(page.getByText('kommunar og fylkeskommunar')).toBeVisible();
});
