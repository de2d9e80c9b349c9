create table clash (id int);
insert into migration (name) values ('clashing/0001_clash');
