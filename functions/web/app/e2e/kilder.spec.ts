import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

test('an administrator sets an identity source up, tries the switch, switches and goes back', async ({ page, request }) => {
  test.setTimeout(90_000);
  const look = async () => {
    await axeRen(page);
    await faarPlass(page);
  };
  await loggInn(page, 'Arne Administrator');
  await page.getByRole('link', { name: 'Administrasjon' }).click();
  await page.getByRole('link', { name: 'Identitetskilder' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Identitetskilder' })).toBeFocused();
  await expect(page.getByRole('button', { name: 'Lag kilden' })).toBeDisabled();
  await page.getByLabel('Navn', { exact: true }).fill('Entra');
  await page.getByRole('button', { name: 'Lag kilden' }).click();
  await look();

  await page.getByRole('link', { name: 'Entra' }).click();
  await expect(page.getByText('Uten et token kan systemet ikke skrive hit.')).toBeVisible();
  await page.getByRole('button', { name: 'Lag nytt token' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Lag nytt token' }).click();
  const secret = page.getByRole('group', { name: 'Token til Entra' });
  await expect(secret).toBeVisible();
  await look();
  const token = await secret.locator('code').innerText();
  const write = (userName: string) =>
    request.post(`/brukersynkronisering/scim/v2/${page.url().split('/').pop()}/Users`, {
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' },
      data: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, displayName: 'Kari Kilde', active: true },
    });
  expect((await write('kari@kommune.example')).status()).toBe(201);
  await secret.getByRole('button', { name: 'Jeg har tatt vare på det' }).click();
  expect(await page.content()).not.toContain(token);
  await page.reload();
  await expect(page.getByRole('definition').filter({ hasText: /^1 · sist endret/ })).toBeVisible();
  expect(await page.content()).not.toContain(token);
  await page.getByRole('button', { name: /^Tilbakekall tokenet/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Tilbakekall' }).click();
  await expect(page.getByText('Uten et token kan systemet ikke skrive hit.')).toBeVisible();
  await expect.poll(async () => (await write('ola@kommune.example')).status(), { timeout: 15_000 }).toBe(401);

  await page.getByRole('link', { name: 'Identitetskilder' }).first().click();
  await page.getByRole('link', { name: 'Hvem sine roller som gjelder' }).click();
  await page.getByRole('button', { name: 'Prøv omleggingen' }).click();
  await expect(page.getByRole('row', { name: /Frode Førstelinje/ }).first()).toContainText('Mister');
  await expect(page.getByText('Rollene som er gitt til ansatte, gjelder.')).toBeVisible();
  await look();
  await page.getByRole('button', { name: 'Legg om til synkroniserte' }).click();
  await axeRen(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Legg om til synkroniserte' }).click();
  await expect(page.getByText('Rollene som er gitt til synkroniserte brukere og grupper, gjelder.')).toBeVisible();
  await page.getByRole('button', { name: 'Prøv omleggingen' }).click();
  await page.getByRole('button', { name: 'Gå tilbake til ansatte' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Gå tilbake til ansatte' }).click();
  await expect(page.getByText('Rollene som er gitt til ansatte, gjelder.')).toBeVisible();

  await page.getByRole('link', { name: 'Identitetskilder' }).first().click();
  await page.getByRole('link', { name: 'Entra' }).click();
  await page.getByRole('button', { name: 'Slett kilden' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Slett kilden' }).click();
  await expect(page.getByRole('link', { name: 'Bergens identitetssystem' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Entra' })).toHaveCount(0);
});
