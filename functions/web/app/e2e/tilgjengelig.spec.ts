// What axe does not see, on the pages that most people use: text spaced wide, targets for fingers, focus in forced colours, dark.
import type { Page } from '@playwright/test';
import { axeRen, expect, faarPlass, loggInn, test } from './nettleser';

type Sider = { navn: string; hvem: string; gaa: (page: Page) => Promise<void> }[];

const til = (path: string, overskrift: RegExp | string) => async (page: Page) => {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(overskrift);
};
const sider: Sider = [
  { navn: 'hits', hvem: 'Berit Barnevern', gaa: (page) => soek(page, 'GRANKONGLE', '.treffliste a') },
  { navn: 'fields', hvem: 'Berit Barnevern', gaa: async (page) => { await til('/', 'Finn en person')(page); await page.getByText('Søk med felter').click(); await expect(page.getByLabel('Gateadresse')).toBeVisible(); } },
  { navn: 'a graded person', hvem: 'Berit Barnevern', gaa: async (page) => soek(page, (await (await page.request.get('/sim/demo')).json()).personer.fortrolig, '.personlinje') },
  { navn: 'what the role sees', hvem: 'Berit Barnevern', gaa: til('/rolle', /Hva rollen/) },
  { navn: 'own lookups', hvem: 'Berit Barnevern', gaa: til('/mine-oppslag', 'Mine oppslag') },
  { navn: 'lists', hvem: 'Vidar Valg', gaa: til('/lister', 'Lister') },
  { navn: 'an order', hvem: 'Vidar Valg', gaa: async (page) => { await til('/lister/ny', 'Bestill liste')(page); await expect(page.getByLabel('Kommunenummer')).toBeVisible(); } },
  { navn: 'the log', hvem: 'Pia Personvern', gaa: til('/logg', 'Innsyn i loggen') },
  { navn: 'roles', hvem: 'Arne Administrator', gaa: til('/administrasjon', 'Roller') },
  { navn: 'what a citizen sees', hvem: 'Ida Innbygger', gaa: til('/', 'Hvem har hentet opplysninger om deg') },
];

async function soek(page: Page, tekst: string, ferdig: string) {
  await page.goto('/');
  await page.getByLabel('Navn, fødselsdato').fill(tekst);
  await page.getByRole('button', { name: 'Søk', exact: true }).click();
  await expect(page.locator(ferdig).first()).toBeVisible();
}

/** Spaces text as WCAG 1.4.12 says that it must bear, past the content security policy as a reader's own style is. */
const spre = (page: Page) =>
  page.evaluate(() => {
    const style = new CSSStyleSheet();
    style.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }');
    document.adoptedStyleSheets = [style];
  });

/** What holds text that is cut off. */
const avkuttet = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('body *')]
      .filter((e) => e.checkVisibility() && getComputedStyle(e).overflow !== 'visible' && e.textContent?.trim() && !e.matches('select, option, [role=region], .ds-skip-link, dialog'))
      .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
      .map((e) => e.outerHTML.slice(0, 120)),
  );

/** What is under 24 by 24 pixels (WCAG 2.5.8), but for links, which axe measures with the room around them. */
const smaa = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, input, select, summary, textarea')]
      .filter((e) => e.checkVisibility())
      .map((e) => ({ e, r: (e.closest('label') ?? e).getBoundingClientRect() }))
      .filter(({ r }) => r.width < 24 || r.height < 24)
      .map(({ e, r }) => `${r.width}×${r.height} ${e.outerHTML.slice(0, 120)}`),
  );

/** What shows no focus when it has it. */
async function utenFokus(page: Page) {
  const hidden: string[] = [];
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const e = document.activeElement as HTMLElement;
      const s = getComputedStyle(e);
      const skips = e === document.body || e.matches('.ds-skip-link'); // a link that comes to sight with the focus
      const plain = skips || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== 'none';
      return plain ? '' : e.outerHTML.slice(0, 120);
    });
    if (seen) hidden.push(seen);
  }
  return hidden;
}

/** What is behind something else when it has the focus (WCAG 2.4.11), going backwards from the foot of the page. */
async function bakNoe(page: Page) {
  const behind: string[] = [];
  await page.locator('footer a').last().focus();
  for (let i = 0; i < 25; i++) {
    await page.keyboard.press('Shift+Tab');
    const seen = await page.evaluate(() => {
      const e = document.activeElement as HTMLElement;
      const r = e.getBoundingClientRect();
      if (e === document.body || r.height === 0 || e.matches('.ds-skip-link')) return '';
      const top = document.elementFromPoint(r.left + Math.min(r.width, 20) / 2, r.top + r.height / 2);
      return top && (e.contains(top) || top.contains(e)) ? '' : e.outerHTML.slice(0, 120);
    });
    if (seen) behind.push(seen);
  }
  return behind;
}

for (const side of sider) {
  test(`${side.navn}: spaced text, targets, focus, dark`, async ({ page }) => {
    await loggInn(page, side.hvem);
    await side.gaa(page);
    await axeRen(page);
    expect(await smaa(page), 'small targets').toEqual([]);
    for (const tema of [{ forcedColors: 'active' }, { colorScheme: 'dark', forcedColors: 'none' }] as const) {
      await page.emulateMedia(tema);
      await page.getByRole('heading', { level: 1 }).focus();
      expect(await utenFokus(page), 'no focus to see').toEqual([]);
    }
    await page.emulateMedia({ colorScheme: null, forcedColors: null });
    expect(await bakNoe(page), 'focus behind something').toEqual([]);
    await spre(page);
    expect(await avkuttet(page), 'cut off').toEqual([]);
    await faarPlass(page);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await avkuttet(page), 'cut off at 320 px').toEqual([]);
    expect(await bakNoe(page), 'focus behind something at 320 px').toEqual([]);
  });
}
