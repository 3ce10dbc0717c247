UPDATE quotes SET projectName='Filling line 2025', updated_at=datetime('now', '-1 minutes') WHERE quoteId='Q-1001';
DELETE FROM components WHERE sku='RLY-24-OLD';
INSERT INTO manual_quotes(quoteNumber, type, data, customer) VALUES ('M-NOR-1', 'spare parts', '{"seals":4}', 'NOR');
