/** Prints the modules that npm has installed in a folder, as CycloneDX 1.5: the same lock file gives the same list. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Installed {
  version?: string;
  license?: string;
  integrity?: string;
  link?: boolean;
}

const [folder = '.'] = process.argv.slice(2);
/** npm keeps what it has installed here. */
const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')) as {
  packages: Record<string, Installed>;
};
const components = Object.entries(packages)
  .filter(([path, { link }]) => path.includes('node_modules/') && !link)
  .map(([path, { version, license, integrity }]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const [algorithm, digest] = integrity?.split('-') ?? [];
    return {
      type: 'library',
      'bom-ref': path,
      name,
      version,
      purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
      ...(license && { licenses: [{ expression: license }] }),
      ...(algorithm === 'sha512' &&
        digest && { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] }),
    };
  });
console.log(
  JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, components }, undefined, 1),
);
