-- How many attempts were begun.
alter table notification rename column tries to attempts;
