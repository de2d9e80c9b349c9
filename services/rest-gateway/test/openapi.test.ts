import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { readContracts } from '@lienthong/http-api';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { openApi } from '../src/openapi/document.ts';

const descriptors = fileDescriptorSet();
const { routes } = readContracts(descriptors);
const document = openApi(descriptors, routes);

test('the document is OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
});

test('it has every method, and everything that it refers to', () => {
  const { paths, components } = document as {
    paths: object;
    components: { schemas: object; responses: object };
  };
  expect(Object.keys(paths)).toEqual(expect.arrayContaining([...routes.keys()]));
  expect(routes.size).toBeGreaterThan(120);
  const refs = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name]) => name,
  );
  expect(refs.length).toBeGreaterThan(200);
  expect(refs.filter((name) => !((name as string) in components.schemas))).toEqual([]);
});

test('methods and fields have the comments of the contracts', () => {
  const { paths, components } = document as {
    paths: Record<string, { post: { description?: string } }>;
    components: { schemas: Record<string, { properties: Record<string, { description?: string }> }> };
  };
  expect(paths['/lienthong.feed.v1.WebhookService/RotateWebhookSecret']?.post.description).toBe(
    'The old secret signs too for 24 hours.',
  );
  expect(
    components.schemas['lienthong.feed.v1.CreateWebhookResponse']?.properties.secret?.description,
  ).toContain('shown only here');
});
