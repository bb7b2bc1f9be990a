// Writes the service worker, which has to know the names of all files of this build.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export function worker() {
  return {
    name: 'dripwatch-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((name) => /\.(js|css|woff2)$/.test(name));
      const shell = ['/', ...files.sort().map((name) => `/${name}`)];
      const source = readFileSync(new URL('./sw.js', import.meta.url), 'utf8');
      const version = createHash('sha256')
        .update(source + shell.join())
        .digest('hex');
      const body = source
        .replace("'SHELL'", JSON.stringify(shell))
        .replace("'VERSION'", JSON.stringify(version.slice(0, 12)));
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: body });
    },
  };
}
