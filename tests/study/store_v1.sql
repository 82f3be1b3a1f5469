-- What basin 0.1.0 left of a study: trial 0 complete and tested, 1 diverged, 2 failed, 3 running when it was killed.
PRAGMA journal_mode = WAL;
PRAGMA application_id = 1650553710;
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE studies (study_id INTEGER NOT NULL, study_name VARCHAR(512) NOT NULL, PRIMARY KEY (study_id));
INSERT INTO studies VALUES(1,'sample-1');
CREATE TABLE study_directions (study_direction_id INTEGER NOT NULL, direction VARCHAR(8) NOT NULL,
  study_id INTEGER NOT NULL, objective INTEGER NOT NULL, PRIMARY KEY (study_direction_id),
  UNIQUE (study_id, objective), FOREIGN KEY(study_id) REFERENCES studies (study_id));
INSERT INTO study_directions VALUES(1,'MAXIMIZE',1,0);
CREATE TABLE study_user_attributes (study_user_attribute_id INTEGER NOT NULL, study_id INTEGER, "key" VARCHAR(512),
  value_json TEXT, PRIMARY KEY (study_user_attribute_id), UNIQUE (study_id, "key"),
  FOREIGN KEY(study_id) REFERENCES studies (study_id));
CREATE TABLE study_system_attributes (study_system_attribute_id INTEGER NOT NULL, study_id INTEGER,
  "key" VARCHAR(512), value_json TEXT, PRIMARY KEY (study_system_attribute_id), UNIQUE (study_id, "key"),
  FOREIGN KEY(study_id) REFERENCES studies (study_id));
CREATE TABLE trials (trial_id INTEGER NOT NULL, number INTEGER, study_id INTEGER, state VARCHAR(8) NOT NULL,
  datetime_start DATETIME, datetime_complete DATETIME, PRIMARY KEY (trial_id),
  FOREIGN KEY(study_id) REFERENCES studies (study_id));
INSERT INTO trials VALUES(1,0,1,'COMPLETE','2026-11-29 19:50:38.209715','2026-11-29 19:50:38.237780');
INSERT INTO trials VALUES(2,1,1,'FAIL','2026-11-29 19:50:38.217700','2026-11-29 19:50:38.253578');
INSERT INTO trials VALUES(3,2,1,'FAIL','2026-11-29 19:50:38.221734','2026-11-29 19:50:38.257526');
INSERT INTO trials VALUES(4,3,1,'RUNNING','2026-11-29 19:50:38.233722',NULL);
CREATE TABLE trial_user_attributes (trial_user_attribute_id INTEGER NOT NULL, trial_id INTEGER, "key" VARCHAR(512),
  value_json TEXT, PRIMARY KEY (trial_user_attribute_id), UNIQUE (trial_id, "key"),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
INSERT INTO trial_user_attributes VALUES(1,1,'replicate','0');
INSERT INTO trial_user_attributes VALUES(2,1,'seed','7');
INSERT INTO trial_user_attributes VALUES(3,1,'factor','"base"');
INSERT INTO trial_user_attributes VALUES(4,2,'replicate','0');
INSERT INTO trial_user_attributes VALUES(5,2,'seed','7');
INSERT INTO trial_user_attributes VALUES(6,2,'factor','"base"');
INSERT INTO trial_user_attributes VALUES(7,3,'replicate','0');
INSERT INTO trial_user_attributes VALUES(8,3,'seed','7');
INSERT INTO trial_user_attributes VALUES(9,3,'factor','"lr"');
INSERT INTO trial_user_attributes VALUES(10,4,'replicate','0');
INSERT INTO trial_user_attributes VALUES(11,4,'seed','7');
INSERT INTO trial_user_attributes VALUES(12,4,'factor','"lr"');
INSERT INTO trial_user_attributes VALUES(55,1,'state','"complete"');
INSERT INTO trial_user_attributes VALUES(56,1,'test_loss','0.55');
INSERT INTO trial_user_attributes VALUES(57,1,'test_accuracy','0.7');
INSERT INTO trial_user_attributes VALUES(58,2,'state','"diverged"');
INSERT INTO trial_user_attributes VALUES(59,2,'reason','"the loss is not finite"');
INSERT INTO trial_user_attributes VALUES(60,3,'state','"failed"');
INSERT INTO trial_user_attributes VALUES(61,3,'reason','"worker killed by SIGKILL (out of memory?)"');
CREATE TABLE trial_system_attributes (trial_system_attribute_id INTEGER NOT NULL, trial_id INTEGER,
  "key" VARCHAR(512), value_json TEXT, PRIMARY KEY (trial_system_attribute_id), UNIQUE (trial_id, "key"),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
CREATE TABLE trial_params (param_id INTEGER NOT NULL, trial_id INTEGER, param_name VARCHAR(512), param_value FLOAT,
  distribution_json TEXT, PRIMARY KEY (param_id), UNIQUE (trial_id, param_name),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
INSERT INTO trial_params VALUES(1,1,'augment',0.0,'{"attributes":{"choices":["none"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(2,1,'batch_size',64.0,'{"attributes":{"high":128,"log":true,"low":64,"step":1},"name":"IntDistribution"}');
INSERT INTO trial_params VALUES(3,1,'groups',0.0,'{"attributes":{"choices":["none"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(4,1,'init',0.0,'{"attributes":{"choices":["default","he_normal"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(5,1,'lr',0.010000000000000000208,'{"attributes":{"high":0.1,"log":true,"low":0.01,"step":null},"name":"FloatDistribution"}');
INSERT INTO trial_params VALUES(6,1,'normalize',0.0,'{"attributes":{"choices":["on"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(7,1,'optimizer',0.0,'{"attributes":{"choices":["sgd","adam"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(8,1,'regularize',0.0,'{"attributes":{"choices":["none"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(9,1,'schedule',0.0,'{"attributes":{"choices":["constant"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(10,2,'adam.beta2',0.99899999999999999911,'{"attributes":{"high":0.999,"log":false,"low":0.99,"step":null},"name":"FloatDistribution"}');
INSERT INTO trial_params VALUES(11,2,'augment',0.0,'{"attributes":{"choices":["none"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(12,2,'batch_size',64.0,'{"attributes":{"high":128,"log":true,"low":64,"step":1},"name":"IntDistribution"}');
INSERT INTO trial_params VALUES(13,2,'groups',0.0,'{"attributes":{"choices":["none"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(14,2,'init',0.0,'{"attributes":{"choices":["default","he_normal"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(15,2,'lr',0.010000000000000000208,'{"attributes":{"high":0.1,"log":true,"low":0.01,"step":null},"name":"FloatDistribution"}');
INSERT INTO trial_params VALUES(16,2,'normalize',0.0,'{"attributes":{"choices":["on"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(17,2,'optimizer',1.0,'{"attributes":{"choices":["sgd","adam"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(18,2,'regularize',0.0,'{"attributes":{"choices":["none"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(19,2,'schedule',0.0,'{"attributes":{"choices":["constant"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(20,3,'augment',0.0,'{"attributes":{"choices":["none"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(21,3,'batch_size',64.0,'{"attributes":{"high":128,"log":true,"low":64,"step":1},"name":"IntDistribution"}');
INSERT INTO trial_params VALUES(22,3,'groups',0.0,'{"attributes":{"choices":["none"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(23,3,'init',0.0,'{"attributes":{"choices":["default","he_normal"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(24,3,'lr',0.10000000000000000555,'{"attributes":{"high":0.1,"log":true,"low":0.01,"step":null},"name":"FloatDistribution"}');
INSERT INTO trial_params VALUES(25,3,'normalize',0.0,'{"attributes":{"choices":["on"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(26,3,'optimizer',0.0,'{"attributes":{"choices":["sgd","adam"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(27,3,'regularize',0.0,'{"attributes":{"choices":["none"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(28,3,'schedule',0.0,'{"attributes":{"choices":["constant"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(29,4,'adam.beta2',0.99899999999999999911,'{"attributes":{"high":0.999,"log":false,"low":0.99,"step":null},"name":"FloatDistribution"}');
INSERT INTO trial_params VALUES(30,4,'augment',0.0,'{"attributes":{"choices":["none"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(31,4,'batch_size',64.0,'{"attributes":{"high":128,"log":true,"low":64,"step":1},"name":"IntDistribution"}');
INSERT INTO trial_params VALUES(32,4,'groups',0.0,'{"attributes":{"choices":["none"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(33,4,'init',0.0,'{"attributes":{"choices":["default","he_normal"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(34,4,'lr',0.10000000000000000555,'{"attributes":{"high":0.1,"log":true,"low":0.01,"step":null},"name":"FloatDistribution"}');
INSERT INTO trial_params VALUES(35,4,'normalize',0.0,'{"attributes":{"choices":["on"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(36,4,'optimizer',1.0,'{"attributes":{"choices":["sgd","adam"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(37,4,'regularize',0.0,'{"attributes":{"choices":["none"]},"name":"CategoricalDistribution"}');
INSERT INTO trial_params VALUES(38,4,'schedule',0.0,'{"attributes":{"choices":["constant"]},"name":"CategoricalDistribution"}');
CREATE TABLE trial_values (trial_value_id INTEGER NOT NULL, trial_id INTEGER NOT NULL, objective INTEGER NOT NULL,
  value FLOAT, value_type VARCHAR(7) NOT NULL, PRIMARY KEY (trial_value_id), UNIQUE (trial_id, objective),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
INSERT INTO trial_values VALUES(1,1,0,0.75,'FINITE');
CREATE TABLE trial_intermediate_values (trial_intermediate_value_id INTEGER NOT NULL, trial_id INTEGER NOT NULL,
  step INTEGER NOT NULL, intermediate_value FLOAT, intermediate_value_type VARCHAR(7) NOT NULL,
  PRIMARY KEY (trial_intermediate_value_id), UNIQUE (trial_id, step),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
INSERT INTO trial_intermediate_values VALUES(1,1,1,0.5,'FINITE');
INSERT INTO trial_intermediate_values VALUES(2,2,1,0.5,'FINITE');
INSERT INTO trial_intermediate_values VALUES(3,3,1,0.5,'FINITE');
INSERT INTO trial_intermediate_values VALUES(4,4,1,0.5,'FINITE');
INSERT INTO trial_intermediate_values VALUES(5,1,2,0.75,'FINITE');
INSERT INTO trial_intermediate_values VALUES(6,2,2,NULL,'NAN');
CREATE TABLE trial_heartbeats (trial_heartbeat_id INTEGER NOT NULL, trial_id INTEGER NOT NULL,
  heartbeat DATETIME NOT NULL, PRIMARY KEY (trial_heartbeat_id), UNIQUE (trial_id),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
CREATE TABLE basin_study (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, settings TEXT NOT NULL,
  design TEXT NOT NULL, command TEXT NOT NULL, created TEXT NOT NULL, environment TEXT NOT NULL,
  problem TEXT NOT NULL);
INSERT INTO basin_study VALUES(1,'sample-1','{"epochs":3,"micro_batch":0,"patience":null,"plateau":null,"problem":"sample","seed":7,"threads":1,"train_size":0}','ofat','basin compare sample','2026-01-31T12:00:00Z','{}','{"name": "sample", "metric": "accuracy"}');
CREATE TABLE basin_trials (number INTEGER PRIMARY KEY, state TEXT NOT NULL, trial TEXT NOT NULL,
  result TEXT NOT NULL, test TEXT);
INSERT INTO basin_trials VALUES(0,'complete','{"config":{"augment":"none","batch_size":64,"groups":"none","init":"default","knobs":{"lr":0.01},"normalize":"on","optimizer":"sgd","regularize":"none","schedule":"constant"},"factor":"base","number":0,"replicate":0}','{"best_epoch":2,"images_per_second":null,"optimizer_ms":null,"phases":{"backward":0.0,"data":0.0,"evaluation":0.0,"forward":0.0,"optimizer":0.0},"reason":"","seconds":0.0,"state":"complete","state_bytes":0,"steps":0,"validation_accuracy":0.75,"validation_loss":0.5}','{"accuracy":0.7,"loss":0.55}');
INSERT INTO basin_trials VALUES(1,'diverged','{"config":{"augment":"none","batch_size":64,"groups":"none","init":"default","knobs":{"beta2":0.999,"lr":0.01},"normalize":"on","optimizer":"adam","regularize":"none","schedule":"constant"},"factor":"base","number":1,"replicate":0}','{"best_epoch":0,"images_per_second":null,"optimizer_ms":null,"phases":{"backward":0.0,"data":0.0,"evaluation":0.0,"forward":0.0,"optimizer":0.0},"reason":"the loss is not finite","seconds":0.0,"state":"diverged","state_bytes":0,"steps":0,"validation_accuracy":null,"validation_loss":null}',NULL);
INSERT INTO basin_trials VALUES(2,'failed','{"config":{"augment":"none","batch_size":64,"groups":"none","init":"default","knobs":{"lr":0.1},"normalize":"on","optimizer":"sgd","regularize":"none","schedule":"constant"},"factor":"lr","number":2,"replicate":0}','{"best_epoch":0,"images_per_second":null,"optimizer_ms":null,"phases":{"backward":0.0,"data":0.0,"evaluation":0.0,"forward":0.0,"optimizer":0.0},"reason":"worker killed by SIGKILL (out of memory?)","seconds":0.0,"state":"failed","state_bytes":0,"steps":0,"validation_accuracy":null,"validation_loss":null}',NULL);
INSERT INTO basin_trials VALUES(3,'running','{"config":{"augment":"none","batch_size":64,"groups":"none","init":"default","knobs":{"beta2":0.999,"lr":0.1},"normalize":"on","optimizer":"adam","regularize":"none","schedule":"constant"},"factor":"lr","number":3,"replicate":0}','{"best_epoch":0,"images_per_second":null,"optimizer_ms":null,"phases":{"backward":0.0,"data":0.0,"evaluation":0.0,"forward":0.0,"optimizer":0.0},"reason":"","seconds":0.0,"state":"running","state_bytes":0,"steps":0,"validation_accuracy":null,"validation_loss":null}',NULL);
CREATE TABLE basin_curves (number INTEGER NOT NULL REFERENCES basin_trials, epoch INTEGER NOT NULL, seconds REAL,
  lr REAL, train_loss REAL, train_accuracy REAL, validation_loss REAL, validation_accuracy REAL,
  PRIMARY KEY (number, epoch)) WITHOUT ROWID;
INSERT INTO basin_curves VALUES(0,1,0.0,0.010000000000000000208,NULL,NULL,0.75,0.5);
INSERT INTO basin_curves VALUES(0,2,0.0,0.010000000000000000208,NULL,NULL,0.5,0.75);
INSERT INTO basin_curves VALUES(1,1,0.0,0.010000000000000000208,NULL,NULL,0.75,0.5);
INSERT INTO basin_curves VALUES(1,2,0.0,0.010000000000000000208,NULL,NULL,NULL,NULL);
INSERT INTO basin_curves VALUES(2,1,0.0,0.010000000000000000208,NULL,NULL,0.75,0.5);
INSERT INTO basin_curves VALUES(3,1,0.0,0.010000000000000000208,NULL,NULL,0.75,0.5);
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE INDEX trials_study_id_key ON trials (study_id);
COMMIT;
