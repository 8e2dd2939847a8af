// What every spec stands on: a browser in which an error on the console or the page fails the spec, ways to log in,
// and axe. Specs find things as people do: by role and label.
import { expect, test as base, type Page } from '@playwright/test';
import axe from 'axe-core';

/** Errors that a spec brings about itself: the browser tells of every answer that is not 2xx. */
export const test = base.extend<{ ventet: RegExp[] }>({
  ventet: [[], { option: true }],
  page: async ({ page, ventet }, use) => {
    const wrong: string[] = [];
    page.on('pageerror', (e) => wrong.push(`pageerror: ${e.message}`));
    page.on('console', (m) => {
      const text = `${m.text()} ${m.location().url}`;
      if (m.type() === 'error' && !ventet.some((v) => v.test(text))) wrong.push(`console: ${text}`);
    });
    await use(page);
    expect(wrong, 'errors in the browser').toEqual([]);
  },
});
export { expect };

/** Logs in as one of the demonstration's employees, by the name that stands on the button. */
export async function loggInn(page: Page, navn: string, { betydelig = false } = {}) {
  await page.goto('/');
  await page.getByRole('button', { name: 'Logg inn med ID-porten' }).click();
  if (betydelig) await page.getByRole('checkbox', { name: /betydelig/ }).check();
  await page.getByRole('button', { name: navn }).click();
  await expect(page.getByRole('button', { name: 'Logg ut' })).toBeVisible();
}

type Tema = 'light' | 'dark' | 'forced';

/** Nothing that axe finds, in light, dark and forced colours. */
export async function axeRen(page: Page, temaer: Tema[] = ['light', 'dark', 'forced']) {
  await page.evaluate(axe.source);
  for (const tema of temaer) {
    await page.emulateMedia({ colorScheme: tema === 'dark' ? 'dark' : 'light', forcedColors: tema === 'forced' ? 'active' : 'none' });
    const found = await page.evaluate(async () => {
      const a = (window as unknown as { axe: typeof import('axe-core') }).axe;
      const r = await a.run({ runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } });
      return r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`);
    });
    expect(found, tema).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null, forcedColors: null });
}

/** Fits in 320 px without sideways scrolling (WCAG 1.4.10). */
export async function faarPlass(page: Page) {
  const before = page.viewportSize()!;
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 'overflow at 320 px').toBeLessThanOrEqual(0);
  await page.setViewportSize(before);
}
