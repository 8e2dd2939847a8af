import './trygg';
import '@ks-digital/designsystem-themes/base.css';
import '@ks-digital/designsystem-themes/forvaltning.css';
import './fonts.css';
import './stil.css';
import '@digdir/designsystemet-web';
import { render } from 'preact';
import { App } from './app';
import { hentSesjon } from './sesjon';
import { settSpraak } from './tekst';

await settSpraak();
await hentSesjon().catch(() => {}); // the page tells that it has no session
render(<App />, document.getElementById('app')!);
