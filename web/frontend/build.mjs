// Builds the pages' scripts and styles into the folder given, with a digest in each name.
// Writes manifest.json (name → built name), which web/assets.py reads, and THIRD_PARTY.txt with the licences.
import { build } from 'esbuild';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PurgeCSS } from 'purgecss';

const out = process.argv[2];
if (!out) throw new Error('Usage: node build.mjs FOLDER');
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

// Every page loads the look, and most of Bootstrap styles what no page has: only rules whose words stand in a template,
// a view or a script go in. Rules of our own files are never dropped.
const used = ['../!(frontend|static)/**/*.{html,py}', '../*.py', 'src/**/*.js'];
const bootstrapInUse = {
  name: 'bootstrap-in-use',
  setup: ({ onLoad }) =>
    onLoad({ filter: /bootstrap\.min\.css$/ }, async ({ path }) => {
      const [{ css }] = await new PurgeCSS().purge({ content: used, css: [path], safelist: { greedy: [/data-bs-theme/] } });
      return { contents: css, loader: 'css' };
    }),
};

// The editor of cells puts its looks into a <style> element, which the pages' policy refuses. In a shadow tree it uses a
// sheet of its own, which is allowed: so it does everywhere.
const rulesInASheet = {
  name: 'rules-in-a-sheet',
  setup: ({ onLoad }) =>
    onLoad({ filter: /style-mod[\\/]src[\\/]style-mod\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const onlyInShadow = '!root.head && root.adoptedStyleSheets';
      if (!text.includes(onlyInShadow)) throw new Error(`${path} chooses its place in another way: look at it again.`);
      return { contents: text.replace(onlyInShadow, 'root.adoptedStyleSheets') };
    }),
};

const shared = {
  bundle: true,
  minify: true,
  metafile: true,
  target: 'es2022',
  entryNames: '[name]-[hash]',
  outdir: out,
  plugins: [bootstrapInUse, rulesInASheet],
  legalComments: 'none', // THIRD_PARTY.txt carries the whole licences.
  loader: { '.svg': 'file', '.woff': 'file', '.woff2': 'file', '.ttf': 'file', '.eot': 'file' },
};
const pages = await build({
  ...shared,
  entryPoints: { app: 'src/app.js', viewer: 'src/viewer.js', kpis: 'src/kpis.js', look: 'src/css/look.css', calendars: 'src/css/calendars.css', profiles: 'src/css/profiles.css', procedures: 'src/css/procedures.css', tokens: 'src/css/tokens.css', modeler: 'src/modeler/index.js', tables: 'src/tables/index.js', compare: 'src/releases/index.js', releases: 'src/css/releases.css', replays: 'src/css/replays.css', forms_editor: 'src/forms_editor/index.js', stories: 'src/stories/index.js' },
  format: 'esm',
  splitting: true,
});
// Runs before the page is drawn, so that a dark page never flashes white: a classic script, not a module.
const early = await build({ ...shared, entryPoints: { theme: 'src/theme.js' }, format: 'iife' });

const manifest = {};
const inputs = new Set();
for (const { metafile } of [pages, early]) {
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (output.entryPoint) {
      const built = basename(path);
      manifest[built.replace(/-[A-Z0-9]{8}(\.\w+)$/, '$1')] = built;
      if (output.cssBundle) {
        const css = basename(output.cssBundle);
        manifest[css.replace(/-[A-Z0-9]{8}(\.\w+)$/, '$1')] = css;
      }
    }
  }
  for (const path of Object.keys(metafile.inputs)) {
    const found = path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (found) inputs.add(found[1]);
  }
}
await writeFile(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);

const notices = [];
for (const name of [...inputs].sort()) {
  const folder = join('node_modules', name);
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((one) => /^(licen[cs]e|copying)/i.test(one));
  const text = file ? await readFile(join(folder, file), 'utf8') : `Licence: ${license}`;
  notices.push(`${name} ${version}\n\n${text.trim()}\n`);
}
await writeFile(join(out, 'THIRD_PARTY.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`));
