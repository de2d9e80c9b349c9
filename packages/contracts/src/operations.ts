export * from './gen/lienthong/operations/v1/service.ts';
