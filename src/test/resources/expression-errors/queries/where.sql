SELECT id, ts
FROM ev WHERE 10 / q > 1
