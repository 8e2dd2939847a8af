import { createPrivateKey, createSign } from 'node:crypto';
import type { APIRequestContext } from '@playwright/test';
import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

type Leverandoer = { klientId: string; kid: string; privatnoekkelPem: string; orgnr: string };

const b64 = (v: object) => Buffer.from(JSON.stringify(v)).toString('base64url');

/** A vendor's token, by the grant that Maskinporten wants. */
async function token(request: APIRequestContext, base: string, l: Leverandoer): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: l.klientId, aud: `${base}/sim/maskinporten/`, scope: 'ks:fiks', iat: now, exp: now + 60, jti: crypto.randomUUID() };
  const signed = `${b64({ alg: 'RS256', typ: 'JWT', kid: l.kid })}.${b64(claims)}`;
  const signature = createSign('RSA-SHA256').update(signed).sign(createPrivateKey(l.privatnoekkelPem)).toString('base64url');
  const got = await request.post('/sim/maskinporten/token', { form: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: `${signed}.${signature}` } });
  return (await got.json()).access_token;
}

test('an administrator lets a vendor in, sees the password once, and the vendor looks a person up and is stopped again', async ({ page, request, baseURL }) => {
  test.setTimeout(90_000);
  const demo = await (await request.get('/sim/demo')).json();
  const vendor = demo.integrasjoner[0] as Leverandoer;
  const look = async () => {
    await axeRen(page);
    await faarPlass(page);
  };
  await loggInn(page, 'Arne Administrator');
  await page.getByRole('link', { name: 'Administrasjon' }).click();
  await page.getByRole('link', { name: 'Integrasjoner' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Integrasjoner' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Skolesystemet' })).toBeVisible();
  await look();

  await page.getByLabel('Navn', { exact: true }).fill('Arkivsystemet');
  const lag = page.getByRole('button', { name: 'Lag integrasjonen' });
  await expect(lag).toBeDisabled();
  await page.getByLabel('Autorisert organisasjonsnummer').fill(vendor.orgnr.replace(/(...)(...)(...)/, '$1 $2 $3'));
  await lag.press('Enter');
  const secret = page.getByRole('group', { name: 'Passord til Arkivsystemet' });
  await expect(secret).toBeVisible();
  const password = await secret.locator('code').innerText();
  expect(password.length).toBeGreaterThan(20);
  await look();
  await secret.getByRole('button', { name: 'Jeg har tatt vare på det' }).click();
  await page.getByRole('link', { name: 'Arkivsystemet' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Arkivsystemet' })).toBeVisible();
  expect(await page.content()).not.toContain(password);
  const id = page.url().split('/').pop()!;

  await page.getByLabel('Gi en rolle').selectOption({ label: 'Innbyggertorget – førstelinje' });
  await page.getByRole('button', { name: 'Gi rollen' }).click();
  await expect(page.getByRole('list', { name: 'Roller integrasjonen kan bruke' })).toContainText('Innbyggertorget');
  await look();

  const headers = { Authorization: `Bearer ${await token(request, baseURL!, vendor)}`, IntegrasjonId: id, IntegrasjonPassord: password };
  const rolle = '10000003-0000-4000-8000-000000000003';
  const selftest = await (await request.post('/hjemmel/v1/integrasjoner/selvtest', { headers, data: { rolleId: rolle } })).json();
  expect(selftest.resultat, JSON.stringify(selftest)).toBe('OK');
  const lookup = () => request.get(`/folkeregister/api/v1/${rolle}/v1/personer/${demo.personer.vanlig}?part=navn`, { headers });
  expect((await lookup()).status()).toBe(200);

  await page.getByRole('button', { name: 'Lag nytt passord' }).click();
  await page.getByRole('dialog').getByLabel('Det gamle virker').selectOption('0');
  await axeRen(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Lag nytt passord' }).click();
  await expect(secret).toBeVisible();
  await expect.poll(async () => (await lookup()).status(), { timeout: 15_000 }).toBe(401);
  headers.IntegrasjonPassord = await secret.locator('code').innerText();
  await expect.poll(async () => (await lookup()).status(), { timeout: 15_000 }).toBe(200);

  await page.getByRole('button', { name: 'Stopp integrasjonen' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stopp integrasjonen' }).click();
  await expect(page.getByText('Integrasjonen er stoppet.')).toBeVisible();
  await expect.poll(async () => (await lookup()).status(), { timeout: 15_000 }).not.toBe(200);

  await page.getByRole('button', { name: /^Fjern rollen Innbyggertorget/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Fjern' }).click();
  await expect(page.getByText('Uten en rolle får den ikke spørre om noe.')).toBeVisible();
  await page.getByRole('button', { name: 'Slett integrasjonen' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Slett integrasjonen' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Integrasjoner' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Skolesystemet' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Arkivsystemet' })).toHaveCount(0);
});
