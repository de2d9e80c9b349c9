export * from './gen/lienthong/audit/v1/service.ts';
