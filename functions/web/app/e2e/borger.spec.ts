import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

const bergen = 'b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601';
const regel = `/api/hjemmel/v1/organisasjoner/${bergen}/innsynsregel`;
const manntall = '10000007-0000-4000-8000-000000000007';

test('a citizen sees who has fetched information about them, lists too, and never which employee', async ({ page, browser, request, baseURL }) => {
  test.setTimeout(90_000);
  const nr = (await (await request.get('/sim/demo')).json()).personer.forelder as string;
  const inne = async (navn: string) => {
    const other = await (await browser.newContext({ baseURL })).newPage();
    await loggInn(other, navn);
    return other;
  };
  const frode = await inne('Frode Førstelinje');
  await frode.getByLabel('Navn, fødselsdato').fill(nr);
  await frode.getByRole('button', { name: 'Søk', exact: true }).click();
  await expect(frode.locator('.personlinje')).toBeVisible();
  await frode.getByRole('link', { name: 'Opplysninger hentet om deg' }).click();
  await expect(frode.getByRole('heading', { level: 1, name: 'Hvem har hentet opplysninger om deg' })).toBeFocused();

  const vidar = await inne('Vidar Valg');
  await vidar.locator('#rolle').selectOption(manntall);
  await vidar.goto('/lister/fil');
  await vidar.getByLabel('Fil, høyst 8 MiB').setInputFiles({ name: 'numre.csv', mimeType: 'text/csv', buffer: Buffer.from(`personidentifikator\r\n${nr}\r\n`) });
  await vidar.getByRole('button', { name: 'Les filen og bestill' }).click();
  await expect(vidar.getByText('Listen er bestilt.')).toBeVisible();

  await page.goto('/');
  await axeRen(page);
  await faarPlass(page);
  await page.getByRole('button', { name: 'Logg inn som innbygger' }).click();
  await page.getByRole('button', { name: 'Ida Innbygger' }).click();
  const h1 = page.getByRole('heading', { level: 1, name: 'Hvem har hentet opplysninger om deg' });
  await expect(h1).toBeVisible();
  const liste = page.getByRole('listitem').filter({ hasText: 'På en liste med andre' });
  await expect(async () => { // it is written as the list is made
    await page.reload();
    await expect(liste).toHaveCount(1, { timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await expect(liste).toContainText('Voss herad');
  const oppslag = page.getByRole('listitem').filter({ hasText: 'Oppslag på deg' });
  await expect(oppslag.first()).toContainText('Bergen kommune');
  await expect(oppslag.first()).toContainText(/Brukes til.*Slags opplysninger.*Navn.*Loven som gir rett til det.*§/);
  await expect(page.getByText('Frode')).toHaveCount(0);
  expect(await page.content()).not.toContain(nr);
  await axeRen(page);
  await faarPlass(page);
  for (const [spraak, tittel] of [['Nynorsk', 'Kven har henta opplysningar om deg'], ['English', 'Who has fetched information about you'], ['Bokmål', 'Hvem har hentet opplysninger om deg']] as const) {
    await page.getByRole('button', { name: spraak }).click();
    await expect(page.getByRole('heading', { level: 1, name: tittel })).toBeVisible();
  }

  // What the organisation holds back for a while looks as what never was.
  const pia = await inne('Pia Personvern');
  const var_ = await (await pia.request.get(regel)).json();
  const bestem = (forsinkelseDager: number) => pia.request.put(regel, { data: { forsinkelseDager, unntak: var_.unntak } });
  expect((await bestem(30)).status()).toBe(200);
  await page.getByLabel('Periode').selectOption('aar');
  await expect(liste).toHaveCount(1);
  await expect(oppslag).toHaveCount(0);
  expect((await bestem(0)).status()).toBe(200);
  await page.getByLabel('Periode').selectOption('maaned');
  await expect(oppslag.first()).toBeVisible();
  for (const other of [frode, vidar, pia]) await other.context().close();
});

test('the privacy officer decides what citizens see, and nobody else does', async ({ page, browser, baseURL }) => {
  await loggInn(page, 'Pia Personvern');
  await page.getByRole('link', { name: 'Innsyn i loggen' }).click();
  await page.getByRole('link', { name: 'Bestem hva innbyggere får se' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Hva innbyggere får se' })).toBeFocused();
  await expect(page.getByRole('region', { name: 'Unntak 1' }).getByLabel('Hva det gjelder')).toHaveValue('t:BARNEVERN');
  await page.getByRole('button', { name: 'Legg til unntak' }).click();
  const nytt = page.getByRole('region', { name: 'Unntak 3' });
  await nytt.getByLabel('Hva det gjelder').selectOption({ label: 'Rolle: Helse – vedtak' });
  await nytt.getByLabel('Vis etter så mange dager').fill('90');
  await nytt.getByLabel('Hvorfor').fill('Oppslaget kan røpe at noen er innlagt.');
  await axeRen(page);
  await faarPlass(page);
  await page.getByRole('button', { name: 'Lagre' }).click();
  await expect(page.getByText('Lagret.')).toBeVisible();
  await page.reload();
  await expect(nytt.getByLabel('Hvorfor')).toHaveValue('Oppslaget kan røpe at noen er innlagt.');
  await nytt.getByRole('button', { name: 'Fjern unntaket' }).click();
  await page.getByRole('button', { name: 'Lagre' }).click();
  await expect(page.getByText('Lagret.')).toBeVisible();

  const arne = await (await browser.newContext({ baseURL })).newPage();
  await loggInn(arne, 'Arne Administrator');
  await arne.goto('/innsynsregel');
  await expect(arne.getByText('Bare personvernombudet kan endre dette.')).toBeVisible();
  await expect(arne.getByRole('button', { name: 'Lagre' })).toHaveCount(0);
  await arne.context().close();
});

test('a citizen has no other page', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Logg inn som innbygger' }).click();
  await page.getByRole('button', { name: 'Ida Innbygger' }).click();
  for (const path of ['/', '/lister', '/logg', '/mine-oppslag', '/administrasjon', '/person/x', '/rolle']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hvem har hentet opplysninger om deg');
    await expect(page.getByRole('navigation', { name: 'Hovedmeny' })).toHaveCount(0);
    await expect(page.getByRole('search')).toHaveCount(0);
  }
  await page.getByRole('button', { name: 'Logg ut' }).click();
  await expect(page.getByRole('button', { name: 'Logg inn med ID-porten' })).toBeVisible();
});
