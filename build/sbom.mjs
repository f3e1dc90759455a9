// Adds to the bill of materials of the NuGet packages (CycloneDX, JSON) what else the agent consists of: the two npm packages of ONNX Runtime and the
// Debian packages and runtime that its box has. `./dev sbom` calls it:  node sbom.mjs BOM VERSION DAY
import { readFileSync, writeFileSync } from 'node:fs';

const [file, version, day] = process.argv.slice(2);
const bom = JSON.parse(readFileSync(file, 'utf8'));
const lock = JSON.parse(readFileSync(new URL('onnxruntime/package-lock.json', import.meta.url), 'utf8'));

const npm = Object.keys(lock.packages[''].dependencies).map(name => {
  const locked = lock.packages[`node_modules/${name}`];
  const purl = `pkg:npm/${name}@${locked.version}`;
  const [algorithm, hash] = locked.integrity.split(/-(.*)/s);
  return {
    type: 'library', 'bom-ref': purl, name, version: locked.version, scope: 'required', purl,
    hashes: [{ alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(hash, 'base64').toString('hex') }],
    ...(locked.license ? { licenses: [{ license: { id: locked.license } }] } : {}),
  };
});

// Which version of these runs is the box's own affair; docs/install.md says which were tried.
const debian = ['ffmpeg', 'libmosquitto1', 'libzbar0', 'aspnetcore-runtime-10.0'].map(name => {
  const purl = `pkg:deb/debian/${name}`;
  return { type: name === 'ffmpeg' ? 'application' : 'library', 'bom-ref': purl, name, scope: 'required', purl, description: 'Of the box: found there when the agent starts.' };
});

bom.metadata.timestamp = `${day}T00:00:00Z`;
bom.metadata.component.version = version;
bom.components.push(...npm, ...debian);
const root = bom.dependencies?.find(d => d.ref === bom.metadata.component['bom-ref']);
root?.dependsOn.push(...[...npm, ...debian].map(c => c['bom-ref']));
bom.dependencies?.push(...[...npm, ...debian].map(c => ({ ref: c['bom-ref'] })));
writeFileSync(file, JSON.stringify(bom, null, 2) + '\n');
