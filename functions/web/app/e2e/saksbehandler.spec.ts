import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

/** The demonstration's persons by what is special about them. */
async function nummer(request: import('@playwright/test').APIRequestContext, hvem: string): Promise<string> {
  return (await (await request.get('/sim/demo')).json()).personer[hvem];
}

test('finds a person by number, reads the page, and goes to a relative and back', async ({ page, request }) => {
  const nr = await nummer(request, 'vanlig');
  await loggInn(page, 'Berit Barnevern');
  const felt = page.getByLabel('Navn, fødselsdato, adresse eller nummer');
  await felt.fill(nr.slice(0, 10) + ((Number(nr[10]) + 1) % 10));
  await expect(page.getByText('Kontrollsifferet stemmer ikke')).toBeVisible();
  await felt.fill(`${nr.slice(0, 6)} ${nr.slice(6)}`);
  await expect(page.getByText('Nummeret er gyldig, og syntetisk.')).toBeVisible();
  await axeRen(page);
  await faarPlass(page);
  await page.getByRole('button', { name: 'Søk', exact: true }).click();

  const overskrift = page.getByRole('heading', { level: 1 });
  await expect(page.getByRole('heading', { name: 'Bosted', exact: true })).toBeVisible();
  await expect(page).toHaveTitle('Person – Hjemmel');
  const navn = await overskrift.textContent();
  expect(page.url()).not.toContain(nr);
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(kept).not.toContain(nr);
  expect(Object.keys(JSON.parse(kept))).toEqual(['rolle']);
  await expect(page.getByText(/Ikke del av rollen Barnevern/).first()).toBeVisible();
  await axeRen(page);
  await faarPlass(page);

  await page.getByRole('link', { name: 'Slå opp personen' }).first().click();
  await expect(overskrift).not.toHaveText(navn!);
  await expect(overskrift).toBeVisible();
  await page.goBack();
  await expect(overskrift).toHaveText(navn!);
});

test('works by keyboard alone', async ({ page, request }) => {
  const nr = await nummer(request, 'vanlig');
  await loggInn(page, 'Berit Barnevern');
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('/');
  await expect(page.locator('#soek')).toBeFocused();
  await page.keyboard.type(nr);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Bosted', exact: true })).toBeVisible();
  await page.keyboard.press('Alt+1');
  await expect(page.locator('#gruppe-1')).toBeFocused();
  await page.keyboard.press('?');
  const hjelp = page.getByRole('dialog', { name: 'Hurtigtaster' });
  await expect(hjelp).toBeVisible();
  await axeRen(page);
  await page.keyboard.press('Escape');
  await expect(hjelp).toBeHidden();
  await expect(page.locator('#gruppe-1')).toBeFocused();
});

test('a graded address is not in the browser before a reason is given, and a strictly graded one never', async ({ page, request }) => {
  await loggInn(page, 'Berit Barnevern');
  const bodies: string[] = [];
  page.on('response', async (r) => /personer\/side|soek\/fri/.test(r.url()) && bodies.push(await r.text().catch(() => '')));
  for (const hvem of ['fortrolig', 'strengtFortrolig']) {
    await page.goto('/');
    await page.getByLabel('Navn, fødselsdato').fill(await nummer(request, hvem));
    await page.getByRole('button', { name: 'Søk', exact: true }).click();
    await expect(page.locator('.personlinje')).toBeVisible();
    await expect(page.locator('.personlinje .ds-tag').first()).toBeVisible();
    expect(bodies.join(), hvem).not.toContain('adressenavn');
    await axeRen(page, ['light']);
    const vis = page.getByRole('button', { name: 'Vis gradert adresse' });
    if (hvem === 'strengtFortrolig') {
      await expect(vis).toHaveCount(0);
      continue;
    }
    await vis.click();
    const dialog = page.getByRole('dialog', { name: 'Vis gradert adresse' });
    await axeRen(page);
    await expect(dialog.getByRole('button', { name: 'Vis adressen' })).toBeDisabled();
    await dialog.getByLabel('Begrunnelse').fill('Akuttvedtak, må finne barnet');
    await dialog.getByRole('button', { name: 'Vis adressen' }).click();
    await expect(page.getByText('Bostedsadresse').first()).toBeVisible();
    bodies.length = 0;
  }
});

test('prints a page and gives a PDF', async ({ page, request }) => {
  await loggInn(page, 'Berit Barnevern');
  await page.getByLabel('Navn, fødselsdato').fill(await nummer(request, 'vanlig'));
  await page.getByRole('button', { name: 'Søk', exact: true }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Last ned PDF' }).click()]);
  expect(file.suggestedFilename()).toBe('folkeregisteret.pdf');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: 'Skriv ut' })).toBeHidden();
  await expect(page.locator('.bare-utskrift')).toBeVisible();
});

test('what the role sees, and the accessibility statement', async ({ page }) => {
  await loggInn(page, 'Berit Barnevern');
  for (const [lenke, tittel] of [
    ['Hva rollen ser', /Hva rollen Barnevern/],
    ['Tilgjengelighet', /Tilgjengelighet/],
  ] as const) {
    await page.getByRole('link', { name: lenke }).click();
    await expect(page.getByRole('heading', { level: 1, name: tittel })).toBeFocused();
    await axeRen(page);
    await faarPlass(page);
  }
});

test('two tabs work in two roles', async ({ page, context }) => {
  await loggInn(page, 'Hege Helse');
  const rolle = page.locator('#rolle');
  const mine = await rolle.inputValue();
  const other = await context.newPage();
  await other.goto('/');
  const another = (await other.locator('#rolle option').evaluateAll((all) => all.map((o) => (o as HTMLOptionElement).value))).find((v) => v !== mine)!;
  await other.locator('#rolle').selectOption(another);
  await expect(other.locator('#rolle')).toHaveValue(another);
  await page.reload();
  await expect(rolle).toHaveValue(mine);
  await page.getByLabel('Navn, fødselsdato').fill('Kari Nordmann');
  if (await page.locator('#formaal').count()) await page.locator('#formaal').fill('2026/17');
  await page.getByRole('button', { name: 'Søk', exact: true }).click();
  await expect(page.getByText('Ingen treff')).toBeVisible();
  await expect(rolle).toHaveValue(mine);
});
