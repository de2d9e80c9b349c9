import { DossierStatus } from '@lienthong/contracts/casework';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourSteps } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const S = DossierStatus;
const p = sampleProvince();
const building = fourSteps();

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await settle(world, p);
  await world.publish(building);
});
afterAll(() => world.stop());

describe('a sequence', () => {
  test('goes from the commune through department and province and back', async () => {
    const clerk = world.as(p.commune.clerk);
    const lodged = await clerk.casework.lodgeDossier(lodging(building));
    expect(lodged).toMatchObject({
      code: 'H61.855.29542-260115-0001',
      status: S.ACCEPTED,
      trackingSecret: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{12}$/),
    });
    const id = lodged.dossierId;
    const steps = [
      { by: p.commune.officer, holder: p.land },
      { by: p.land.officer, holder: p.province },
      { by: p.province.head, holder: p.commune, results: [{ key: 'giay-phep', number: '12/GPXD' }] },
      { by: p.commune.clerk, holder: p.commune },
    ];
    for (const [i, { by, holder, results }] of steps.entries()) {
      const standing = await complete(world.as(by), id, i + 1, { outcome: i === 1 ? 'dat' : '', results });
      expect(standing.openTasks).toEqual(i === 3 ? [] : [i + 2]);
      const dossier = await dossierOf(clerk, id);
      expect(dossier.holder?.agencyId).toBe(holder.agency.id);
      expect(dossier.status).toBe(i === 3 ? S.FINISHED : S.IN_PROGRESS);
    }
    const dossier = await dossierOf(clerk, id);
    expect(dossier.tasks.map((task) => task.number)).toEqual([1, 2, 3, 4]);
    expect(dossier.results).toMatchObject([{ key: 'giay-phep', number: '12/GPXD' }]);
    expect(dossier.applicant?.fullName).toBe('Nguyễn Thị Mẫu');
  });
});
