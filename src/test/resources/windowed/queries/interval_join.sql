SELECT a.user, a.ts, a.score, b.page, b.seen_at FROM events AS a JOIN visits AS b ON a.user = b.user AND b.seen_at BETWEEN a.ts - INTERVAL 10 MINUTE AND a.ts + INTERVAL 5 MINUTE
