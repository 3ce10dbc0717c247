CREATE TABLE generated_numbers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, mainId TEXT NOT NULL, fullId TEXT NOT NULL,
  customerCode TEXT, customerName TEXT, industry TEXT, product TEXT, control TEXT, scope TEXT, poNumber TEXT,
  generated_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  updated_by TEXT, synced_at DATETIME);
