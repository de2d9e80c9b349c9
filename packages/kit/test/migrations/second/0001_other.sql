create table other (id int primary key references note deferrable initially deferred);
