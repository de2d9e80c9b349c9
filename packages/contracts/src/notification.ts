export * from './gen/lienthong/notification/v1/service.ts';
