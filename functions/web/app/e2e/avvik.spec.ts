import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

test.use({ ventet: [/403 \(Forbidden\)/] as never });

test('what looks like misuse is found, looked at by one and closed by two', async ({ page, browser, request, baseURL }) => {
  test.setTimeout(90_000);
  const { personer } = await (await request.get('/sim/demo')).json();
  const inne = async (navn: string) => {
    const p = await (await browser.newContext({ baseURL })).newPage();
    await loggInn(p, navn);
    return p;
  };
  const berit = await inne('Berit Barnevern');
  await berit.getByLabel('Navn, fødselsdato').fill(personer.kortNavn); // who is Berit
  await berit.getByRole('button', { name: 'Søk', exact: true }).click();
  await expect(berit.getByRole('alert')).toBeVisible();
  await expect(berit.getByRole('link', { name: 'Mulig misbruk' })).toHaveCount(0);

  await loggInn(page, 'Pia Personvern');
  await page.getByRole('link', { name: 'Mulig misbruk' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Mulig misbruk' })).toBeFocused();
  const funn = page.getByRole('article').filter({ hasText: 'spurte om seg selv' }).first();
  await expect(async () => { // it is found as the entry is sealed
    await page.reload();
    await expect(funn).toBeVisible({ timeout: 1500 });
  }).toPass({ timeout: 30_000 });
  await expect(funn).toContainText('ansatt-01');
  expect(await page.content()).not.toContain(personer.kortNavn);
  await axeRen(page);
  await faarPlass(page);
  await funn.getByRole('button', { name: 'Ta det' }).click();
  await expect(funn).toContainText('ansatt-05 ser på det.');
  await funn.getByRole('button', { name: 'Foreslå å lukke' }).click();
  const dialog = page.getByRole('dialog');
  await axeRen(page);
  await expect(dialog.getByRole('button', { name: 'Foreslå å lukke' })).toBeDisabled();
  await dialog.getByLabel('Konklusjon').selectOption('BRUDD');
  await dialog.getByLabel('Begrunnelse').fill('Ingen sak, og eget nummer.');
  await dialog.getByRole('button', { name: 'Foreslå å lukke' }).click();
  await expect(funn).toContainText('Du har foreslått dette. En annen må bekrefte.');
  await expect(funn.getByRole('button', { name: 'Bekreft og lukk' })).toHaveCount(0);

  const rita = await inne('Rita Revisor');
  await rita.goto('/avvik');
  const samme = rita.getByRole('article').filter({ hasText: 'Ingen sak, og eget nummer.' });
  await samme.getByRole('button', { name: 'Bekreft og lukk' }).click();
  await rita.getByRole('dialog').getByRole('button', { name: 'Bekreft og lukk' }).click();
  await expect(samme).toContainText('Bekreftet av ansatt-10');
  await rita.getByRole('button', { name: 'Lukkede' }).click();
  await expect(samme).toContainText('Lukket');
  await axeRen(rita);
  await berit.goto('/avvik');
  await expect(berit.getByText('Denne siden er for personvernombud og revisorer.')).toBeVisible();
  for (const p of [berit, rita]) await p.context().close();
});
