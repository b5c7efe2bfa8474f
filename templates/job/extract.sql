-- Which records does the job "@job@" send? One SELECT, on the source database.
--
-- Every column can be used in prompt.md. The key column of job.properties must be among them.
-- A column named keep_… is kept for load.sql, where it is :keep_…
-- You may use :due (the time this run was due) and :night (its date).
-- Leave out what is done, as below: the rows that load.sql has filled don't come again.

select id,
       title,
       text
from my_table
where answered_at is null
order by id
