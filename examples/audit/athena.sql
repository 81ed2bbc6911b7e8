-- The events of an export as a table in Athena, and six questions. Replace the name of the bucket, and the first day.
-- Each statement ends with a semicolon; run them one by one. docs/audit.md explains the columns.

-- table
CREATE EXTERNAL TABLE codex_plan_events (
  entry_sha256 string,
  prev_sha256 string,
  seq bigint,
  occurred_at string,
  event string,
  actor_id bigint,
  actor_login string,
  detail string,
  paths array<string>,
  repository_id bigint,
  repository string,
  pull_request bigint,
  plan_id string,
  plan_created_at string,
  plan_seconds double,
  requester_ids array<bigint>,
  requester_logins array<string>,
  head_sha string,
  base_sha string,
  model string,
  approval_sha256 string,
  change_sha256 string
)
PARTITIONED BY (dt string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://example-codex-plan-audit/events/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.dt.type' = 'date',
  'projection.dt.format' = 'yyyy-MM-dd',
  'projection.dt.range' = '2026-01-01,NOW',
  'storage.location.template' = 's3://example-codex-plan-audit/events/dt=${dt}/'
);

-- question 1: who approved what
SELECT occurred_at, actor_login, repository, pull_request, plan_id, change_sha256
FROM codex_plan_events
WHERE event IN ('approved', 'voted')
ORDER BY occurred_at, seq;

-- question 2: approvals without execution
SELECT approved.occurred_at, approved.actor_login, approved.repository, approved.pull_request, approved.plan_id
FROM codex_plan_events AS approved
LEFT JOIN codex_plan_events AS executed
  ON executed.event = 'executed' AND executed.approval_sha256 = approved.approval_sha256
WHERE approved.event = 'approved' AND executed.event IS NULL
ORDER BY approved.occurred_at;

-- question 3: drift by cause
SELECT detail AS cause, path, count(*) AS times
FROM codex_plan_events
CROSS JOIN UNNEST(paths) AS touched (path)
WHERE event = 'drifted'
GROUP BY detail, path
ORDER BY times DESC, cause, path;

-- question 4: denied files
SELECT occurred_at, repository, pull_request, plan_id, detail AS reason, path
FROM codex_plan_events
CROSS JOIN UNNEST(paths) AS refused (path)
WHERE event = 'denied'
ORDER BY occurred_at, path;

-- question 5: self-approvals
SELECT occurred_at, actor_login, repository, pull_request, plan_id
FROM codex_plan_events
WHERE event IN ('approved', 'voted') AND contains(requester_ids, actor_id)
ORDER BY occurred_at, seq;

-- question 6: from request to commit in minutes
SELECT repository, pull_request, plan_id, detail AS commit_id,
  round(
    date_diff(
      'second',
      from_iso8601_timestamp(plan_created_at),
      from_iso8601_timestamp(occurred_at)
    ) / 60.0 + plan_seconds / 60.0,
    1
  ) AS minutes
FROM codex_plan_events
WHERE event = 'executed'
ORDER BY minutes DESC;
