import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

test.use({ ventet: [/404 \(Not Found\) .*\/utkast$/] as never }); // a role that has no draft

test('an administrator tries a tighter role on a made-up person, publishes it and rolls it back', async ({ page }) => {
  test.setTimeout(90_000);
  const look = async () => {
    await axeRen(page);
    await faarPlass(page);
  };
  await loggInn(page, 'Arne Administrator');
  await page.getByRole('link', { name: 'Administrasjon' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Roller' })).toBeFocused();
  await expect(page.getByRole('row', { name: /Innbyggertorget/ })).toContainText('2 personer, 2 integrasjoner');
  await look();

  await page.getByRole('link', { name: /Innbyggertorget/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Innbyggertorget – førstelinje');
  await expect(page).toHaveTitle('Rolle – Hjemmel');
  await expect(page.getByRole('link', { name: /folkeregisterloven.*§ 10-1/ })).toHaveAttribute('href', /^https:\/\/lovdata\.no\//);
  await expect(page.getByText('Versjon 1').first()).toBeVisible();
  await look();

  await page.getByRole('link', { name: 'Endre rollen' }).click();
  const bosted = page.getByRole('checkbox', { name: 'Bostedsadresse', exact: true });
  await expect(bosted).not.toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Kjønn', exact: true })).toHaveCount(0); // the area does not open it
  await page.getByRole('checkbox', { name: 'Dødsfall', exact: true }).press('Space');
  await page.getByRole('checkbox', { name: 'Personstatus', exact: true }).uncheck();
  await look();
  await page.getByRole('button', { name: 'Lagre utkastet' }).click();
  await expect(page.getByText(/Lagret .* av ansatt-04/)).toBeVisible();

  await page.getByRole('button', { name: 'Prøv utkastet' }).click();
  await expect(page.getByText(/Rollen er ikke brukt|forespørsler de siste/)).toBeVisible();
  await expect(page.getByRole('row', { name: /Statusverdi/ })).toContainText('Faller bort');
  await expect(page.getByRole('row', { name: /Etternavn/ })).not.toContainText('Faller bort');
  await look();

  const publiser = page.getByRole('button', { name: 'Publiser utkastet' });
  await expect(publiser).toBeDisabled();
  await page.getByLabel('Kommentar').fill('Mindre er nok.');
  await publiser.click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Gjelder nå' })).toContainText('Mindre er nok.');
  const lost = page.getByRole('button', { name: /Vis hva som skiller versjon 1/ });
  await lost.click();
  await expect(page.locator('del')).toHaveText(['Personstatus', 'Dødsfall']);
  await look();

  await page.getByRole('button', { name: 'Rull tilbake til versjon 1' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Rull tilbake til versjon 1' })).toBeDisabled();
  await axeRen(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Rull tilbake til versjon 1' })).toBeFocused();
  await page.getByRole('button', { name: 'Rull tilbake til versjon 1' }).click();
  await dialog.getByLabel('Kommentar').fill('Skranken trenger status.');
  await dialog.getByRole('button', { name: 'Rull tilbake til versjon 1' }).click();
  await expect(page.getByText('Rullet tilbake. Versjon 3 gjelder nå.')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Gjelder nå' })).toContainText('Skranken trenger status.');
});

test('who is no administrator has no such page', async ({ page }) => {
  await loggInn(page, 'Berit Barnevern');
  await expect(page.getByRole('link', { name: 'Administrasjon' })).toHaveCount(0);
  await page.goto('/administrasjon');
  await expect(page.getByText('Denne siden er for administratorer.')).toBeVisible();
});

test.describe('two who change the same role', () => {
  test.use({ ventet: [/404 \(Not Found\) .*\/utkast$|409 \(Conflict\) .*\/publiser$/] as never });
  test('the draft that rests on an older version says so', async ({ page, browser }) => {
    await loggInn(page, 'Arne Administrator');
    await page.getByRole('link', { name: 'Administrasjon' }).click();
    await page.getByRole('link', { name: /Helse – vedtak/ }).click();
    await page.getByRole('link', { name: 'Endre rollen' }).click();
    await page.getByLabel('Beskrivelse').fill('Vedtak. Krever saksnummer.');
    await page.getByRole('button', { name: 'Lagre utkastet' }).click();
    await expect(page.getByRole('button', { name: 'Publiser utkastet' })).toBeVisible();

    const other = await (await browser.newContext()).newPage();
    await loggInn(other, 'Astrid Administrator');
    await other.evaluate(() => fetch('/api/register/api/v2/konfigurasjon/b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601/roller/10000004-0000-4000-8000-000000000004', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: '{"beskrivelse":"Vedtak i helse."}' }));
    await other.context().close();

    await page.getByLabel('Kommentar').fill('Kortere tekst.');
    await page.getByRole('button', { name: 'Publiser utkastet' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await page.reload();
    await expect(page.getByText('Rollen er endret etter at utkastet ble lagret.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Publiser utkastet' })).toHaveCount(0);
    await axeRen(page);
    await page.getByRole('button', { name: 'Lagre utkastet' }).click();
    await expect(page.getByRole('button', { name: 'Publiser utkastet' })).toBeVisible();
  });
});
