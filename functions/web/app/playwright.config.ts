import { defineConfig } from '@playwright/test';

const address = process.env.E2E_ADDR ?? '127.0.0.1:8099';
const base = 'http://' + address;
// What Chromium would ask others for in the background.
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export default defineConfig({
  testDir: 'e2e',
  testMatch: process.env.BILDER ? '*.bilder.ts' : '*.spec.ts',
  workers: 1,
  timeout: 30_000,
  reporter: 'list',
  outputDir: 'test-results',
  use: {
    baseURL: base,
    locale: 'nb-NO',
    timezoneId: 'Europe/Oslo',
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'retain-on-failure',
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: quiet },
  },
  webServer: {
    command: 'rm -rf .cache/e2e && go run ./infra/devhost',
    cwd: '../../..',
    url: base + '/sim/demo',
    timeout: 180_000,
    stderr: 'ignore', // its log is for operators
    reuseExistingServer: false,
    env: { HJEMMEL_ADDR: address, HJEMMEL_DATA: '.cache/e2e', HJEMMEL_POPULASJON: '1500' },
  },
});
