-- contract 999.0.0: older programs read the amount
alter table note drop column amount;
