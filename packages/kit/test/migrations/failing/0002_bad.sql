create table half_way (id int);
select no_such_function();
